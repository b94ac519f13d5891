// SPDX-License-Identifier: Apache-2.0
// report.csv: every cell of the report's tables, one a line.
#include <cmath>
#include <cstdio>

#include "reports/page/renderer.h"
#include "reports/text/escape.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return "";
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string line_of(const Row& row, const Column& column, const Cell& cell) {
  return escape_csv(row.name) + "," + escape_csv(row.method) + "," + escape_csv(row.role) + "," +
         escape_csv(column.protocol) + "," + std::to_string(column.version) + "," + std::to_string(column.variant) +
         "," + escape_csv(column.dataset) + "," + escape_csv(column.split) + "," + escape_csv(column.metric) + "," +
         number(cell.value) + "," + number(cell.interval.low) + "," + number(cell.interval.high) + "," +
         std::to_string(cell.values.size()) + "," + std::to_string(cell.n) + "," +
         (cell.best   ? "best"
          : cell.tied ? "tied"
                      : "") +
         "," + escape_csv(cell.word) + "," + escape_csv(cell.reason) + "\n";
}

std::vector<std::filesystem::path> render(const ReportContent& content, const std::filesystem::path& report_folder) {
  const Comparison& comparison = content.comparison;
  std::string out =
      "row,method,role,protocol,version,settings,dataset,split,metric,value,low,high,seeds,images,place,word,reason\n";
  for (const Row& row : comparison.rows) {
    for (size_t c = 0; c < comparison.columns.size(); ++c) out += line_of(row, comparison.columns[c], row.cells[c]);
  }
  write_atomically(report_folder / "report.csv", out);
  return {"report.csv"};
}

}  // namespace

const bool registered_csv = Registry<RendererEntry>::add({"csv", "report.csv with every cell of the tables", render});

}  // namespace sslbench
