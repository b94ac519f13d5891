// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/result_table.h"

#include <unistd.h>

#include <cmath>
#include <set>
#include <sstream>
#include <system_error>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/comparison.h"
#include "reports/record/record_store.h"
#include "reports/text/number_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/ground/error.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

ComparisonInput input_from(const Plan& plan, const Sameness& sameness) {
  ComparisonInput input;
  input.suite = plan.suite;
  for (const ProtocolSpec& protocol : plan.runs.at(0).protocols) input.protocols.push_back(protocol.row);
  for (const RunSpec& run : plan.runs) {
    input.planned.push_back({run.row, run.seed, run.name()});
    std::error_code ignored;
    if (!std::filesystem::exists(run.record_file(), ignored)) continue;
    try {
      input.records.push_back(read_checked_record(run.record_file(), {.replicates = true}));
      input.records.back().counting = sameness.counting(input.records.back().effective);
    } catch (const UserError&) {  // the survey has warned of it; here it counts as not run
    }
  }
  return input;
}

// "14.8 [10.9,19.1]": a narrow column breaks it before its interval, not within.
std::string with_whole_interval(std::string cell) {
  const size_t open = cell.find('['), comma = cell.find(", ", open == std::string::npos ? cell.size() : open);
  if (comma != std::string::npos) cell.erase(comma + 1, 1);
  return cell;
}

TextTable table_of(const Comparison& comparison, bool narrow) {
  std::vector<size_t> shown;
  std::vector<std::string> header{"row"};
  std::set<std::string> protocols;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    if (!protocols.insert(comparison.columns[c].protocol).second) continue;
    shown.push_back(c);
    header.push_back(column_title(comparison.columns[c]) + unit_behind(comparison.columns[c], " "));
  }
  header.push_back("pretrain images/s");
  TextTable table(header);
  for (const Row& row : comparison.rows) {
    std::vector<std::string> cells{row.name};
    for (const size_t c : shown) {
      const std::string text = cell_text(comparison.columns[c], row.cells.at(c));
      cells.push_back(narrow ? with_whole_interval(text) : text);
    }
    const double speed = row.cost.images_per_second;
    cells.push_back(std::isfinite(speed) ? count_text(speed) : "–");
    table.add(std::move(cells));
  }
  return table;
}

bool fits(const std::string& text, size_t width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (columns_of(line) > width) return false;
  }
  return true;
}

}  // namespace

std::string result_table(const Plan& plan, const Sameness& sameness) {
  const Comparison comparison = compare(input_from(plan, sameness));
  const size_t width = width_at(STDOUT_FILENO);
  std::string out = table_of(comparison, false).plain();
  if (!fits(out, width)) out = table_of(comparison, true).plain(width);
  for (const Failure& failure : comparison.failures)
    out += failure.run + ": " + failure.status + ": " + failure.message + "\n";
  return out;
}

}  // namespace sslbench
