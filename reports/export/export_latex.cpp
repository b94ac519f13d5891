// SPDX-License-Identifier: Apache-2.0
// The report's first table for booktabs: its rows, columns, numbers and words, since failures are rows, never gaps.
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/comparison.h"
#include "reports/export/exporter.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : visible_text(text)) {
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

// A record that could not be read gets a stand-in, so that its row says so.
ComparisonInput comparison_input(const ExportInput& input) {
  ComparisonInput out{.suite = input.snapshot.suite, .records = input.records};
  for (const SnapshotRun& run : input.snapshot.runs) {
    const auto found = std::find_if(input.records.begin(), input.records.end(), [&](const Record& record) {
      return record.row == run.row && record.seed == run.seed;
    });
    const bool has_record = found != input.records.end();
    const std::string name = has_record ? found->run : run.row + "-s" + std::to_string(run.seed);
    out.planned.push_back({run.row, run.seed, name});
    if (has_record || run_status(run.status).kind == RunStatus::Kind::not_run) continue;
    Record unreadable;
    unreadable.row = run.row;
    unreadable.seed = run.seed;
    unreadable.run = name;
    unreadable.status = run.status;
    out.records.push_back(unreadable);
  }
  return out;
}

std::string cell_latex(const Column& column, const Cell& cell) {
  constexpr std::string_view kPlusMinus = "±";
  std::string out = escaped(cell_text(column, cell));
  const size_t at = out.find(kPlusMinus);
  return at == std::string::npos ? out : out.replace(at, kPlusMinus.size(), "$\\pm$");
}

// Below the table, not a comment of the file: what the intervals are must be read wherever the numbers are.
std::string note(const std::vector<const Cell*>& cells, const std::vector<Column>& shown) {
  const auto any = [&](auto is_such) { return std::any_of(cells.begin(), cells.end(), is_such); };
  std::string out = escaped(scale_sentence(shown));
  const auto over_seeds = [&](bool and_images) {
    return any([=](const Cell* cell) {
      return cell->word.empty() && cell->values.size() > 1 && cell->over_images == and_images;
    });
  };
  if (over_seeds(true) || over_seeds(false)) {
    out += " $\\pm$: half the width of the 95\\,\\% interval of the mean over $n$ seeds";
    out += over_seeds(true) ? ", which covers other seeds and other test images." : ".";
  }
  if (over_seeds(false))
    out += std::string(" ") + kSeedsOnly + ": Student's, over the seeds alone; it does not cover other images.";
  if (any([](const Cell* cell) { return cell->values.size() == 1 && !std::isnan(cell->interval.low); })) {
    out += " [low, high]: 95\\,\\% interval over resampled test images, 1 seed; it does not cover other seeds.";
  }
  std::set<std::string> reasons;
  for (const Cell* cell : cells) {
    if (!cell->reason.empty()) reasons.insert(cell->reason);
  }
  for (const std::string& reason : reasons) out += " Undefined: " + escaped(reason) + ".";
  return "\\par\\smallskip{\\footnotesize " + out + "\\par}\n";
}

std::string text(const ExportInput& input) {
  const Comparison comparison = compare(comparison_input(input));
  std::string header = "method", body, alignment = "l";
  std::vector<const Cell*> cells;
  std::vector<Column> shown;
  for (const Column& column : comparison.columns) {
    if (!column.headline) continue;
    header += " & " + escaped(column_title(column) + (column.is_fraction() ? "" : unit_behind(column)));
    shown.push_back(column);
    alignment += 'r';
  }
  for (const Row& row : comparison.rows) {
    body += escaped(row.name);
    for (size_t c = 0; c < row.cells.size(); ++c) {
      if (!comparison.columns[c].headline) continue;
      body += " & " + cell_latex(comparison.columns[c], row.cells[c]);
      cells.push_back(&row.cells[c]);
    }
    body += " \\\\\n";
  }
  return "% needs \\usepackage{booktabs}\n\\begin{tabular}{" + alignment + "}\n\\toprule\n" + header +
         " \\\\\n\\midrule\n" + body + "\\bottomrule\n\\end{tabular}\n" + note(cells, shown);
}

const bool registered =
    Registry<ExporterEntry>::add({.name = "latex",
                                  .summary = "a booktabs table: the report's first one, rounded alike",
                                  .text = text,
                                  .needs = {.replicates = true}});

}  // namespace
}  // namespace sslbench
