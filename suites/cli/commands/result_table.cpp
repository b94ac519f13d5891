// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/result_table.h"

#include <unistd.h>

#include <set>
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

}  // namespace

std::string result_table(const Plan& plan, const Sameness& sameness) {
  const Comparison comparison = compare(input_from(plan, sameness));
  std::vector<size_t> shown;
  std::vector<std::string> header{"method"};
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
    for (const size_t c : shown) cells.push_back(cell_text(comparison.columns[c], row.cells.at(c)));
    cells.push_back(count_text(row.cost.images_per_second));
    table.add(std::move(cells));
  }
  std::string out = table.plain(width_at(STDOUT_FILENO));
  for (const Failure& failure : comparison.failures)
    out += failure.run + ": " + failure.status + ": " + failure.message + "\n";
  return out;
}

}  // namespace sslbench
