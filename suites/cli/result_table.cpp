// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/result_table.h"

#include <cmath>
#include <map>
#include <system_error>

#include "reports/record_store.h"
#include "suites/cli/number_text.h"
#include "suites/cli/text_table.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

struct Column {
  std::string title, protocol, metric;
  bool fraction = true;  // shown in percent
};

std::vector<Column> columns_of(const RunSpec& run, const Catalog& catalog) {
  std::vector<Column> out;
  for (const ProtocolSpec& protocol : run.protocols) {
    const auto metrics = catalog.find("protocol", protocol.protocol).facts.value("metrics", std::vector<std::string>{});
    if (!metrics.empty()) out.push_back({protocol.row + " " + metrics[0] + " %", protocol.row, metrics[0]});
  }
  out.push_back({"pretrain images/s", "pretrain", "throughput", false});
  return out;
}

struct RowResults {
  std::map<std::string, std::vector<double>> values;  // column title -> one a seed
  int64_t final = 0, runs = 0;
  std::string problems;
};

void collect(const Record& record, const std::vector<Column>& columns, RowResults& row) {
  if (record.final()) ++row.final;
  if (record.status != "ok") row.problems += (row.problems.empty() ? "" : ", ") + record.status;
  if (!record.final()) return;
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& each : stage.measurements) {
      for (const Column& column : columns) {
        const bool split = each.split == "test" || column.protocol == "pretrain";
        if (split && stage.name == column.protocol && each.metric == column.metric) {
          row.values[column.title].push_back(each.value);
        }
      }
    }
  }
}

std::string cell(const std::vector<double>& values, bool fraction) {
  if (values.empty()) return "-";
  const double scale = fraction ? 100 : 1, n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (double value : values) mean += value * scale / n;
  for (double value : values) squares += (value * scale - mean) * (value * scale - mean);
  std::string out = fixed_text(mean, fraction ? 1 : 0);
  return values.size() < 2 ? out : out + " +- " + fixed_text(std::sqrt(squares / (n - 1)), fraction ? 1 : 0);
}

}  // namespace

std::string result_table(const std::vector<RunSpec>& runs, const Catalog& catalog) {
  if (runs.empty()) return "";
  const std::vector<Column> columns = columns_of(runs[0], catalog);
  std::vector<std::string> header{"method"}, order;
  for (const Column& column : columns) header.push_back(column.title);
  header.insert(header.end(), {"seeds", "problems"});
  std::map<std::string, RowResults> rows;
  for (const RunSpec& run : runs) {
    if (!rows.contains(run.row)) order.push_back(run.row);
    RowResults& row = rows[run.row];
    ++row.runs;
    std::error_code ignored;
    if (!std::filesystem::exists(run.record_file(), ignored)) continue;
    try {
      collect(read_record(run.record_file(), RecordParts::headline), columns, row);
    } catch (const UserError&) {
      row.problems += (row.problems.empty() ? "" : ", ") + std::string("unreadable record");
    }
  }
  TextTable table(header);
  for (const std::string& name : order) {
    const RowResults& row = rows.at(name);
    std::vector<std::string> cells{name};
    for (const Column& column : columns) {
      const auto values = row.values.find(column.title);
      cells.push_back(values == row.values.end() ? "-" : cell(values->second, column.fraction));
    }
    cells.insert(cells.end(), {std::to_string(row.final) + "/" + std::to_string(row.runs), row.problems});
    table.add(std::move(cells));
  }
  return table.plain();
}

}  // namespace sslbench
