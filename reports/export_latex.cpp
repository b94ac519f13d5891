// SPDX-License-Identifier: Apache-2.0
// A booktabs table: rows by fractions on test data, in percent with the rounding of the report.
#include <algorithm>

#include "reports/exporter.h"
#include "reports/number_text.h"
#include "reports/statistics.h"

namespace sslbench {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\textbackslash{}"; break;
      case '~': out += "\\textasciitilde{}"; break;
      case '^': out += "\\textasciicircum{}"; break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}': out += '\\'; [[fallthrough]];
      default: out += c;
    }
  }
  return out;
}

bool shown(const SnapshotCell& cell) {
  return !cell.is_cost() && cell.split == "test" && cell.metric != "top5" && cell.metric.find('/') == std::string::npos;
}

template <class Value>
void add_once(std::vector<Value>& list, const Value& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

std::string cell_latex(const std::vector<double>& values) {
  const std::string value = percent_text(mean(values));
  if (values.size() < 2) return value;
  return "$" + value + " \\pm " + percent_text(half_width(mean_interval(values))) + "$";
}

std::string text(const ExportInput& input) {
  std::vector<std::string> rows, columns;
  for (const SnapshotCell& cell : input.snapshot.cells) {
    if (!shown(cell)) continue;
    add_once(rows, cell.row);
    add_once(columns, cell.measure());
  }
  std::string out =
      "% needs \\usepackage{booktabs}; percent; mean and half-width of the 95 % interval over seeds "
      "(Student)\n\\begin{tabular}{l" +
      std::string(columns.size(), 'r') + "}\n\\toprule\nmethod";
  for (const std::string& column : columns) out += " & " + escaped(column);
  out += " \\\\\n\\midrule\n";
  for (const std::string& row : rows) {
    out += escaped(row);
    for (const std::string& column : columns) {
      const auto found = std::find_if(
          input.snapshot.cells.begin(), input.snapshot.cells.end(),
          [&](const SnapshotCell& cell) { return shown(cell) && cell.row == row && cell.measure() == column; });
      out += " & " + (found == input.snapshot.cells.end() ? std::string("--") : cell_latex(found->values()));
    }
    out += " \\\\\n";
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

const bool registered = Registry<ExporterEntry>::add({"latex", "a booktabs table of accuracies", text});

}  // namespace
}  // namespace sslbench
