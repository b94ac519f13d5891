// SPDX-License-Identifier: Apache-2.0
// The headline table: methods by protocols with what each cost.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "reports/comparison/backbone_column.h"
#include "reports/comparison/cell_text.h"
#include "reports/comparison/columns.h"
#include "reports/comparison/cost_front.h"
#include "reports/comparison/shown_rows.h"
#include "reports/page/column_notes.h"
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr const char* kLabels = "labels seen";

// A column of what a row cost, shown where any row has it.
struct CostColumn {
  const char* title;
  std::function<double(const Row&)> value;
  std::string (*text)(double);
};

std::vector<CostColumn> cost_columns(const Comparison& comparison) {
  const auto seconds_on = [&comparison](bool gpu) {
    return [&comparison, gpu](const Row& row) {
      return on_gpu(comparison, row) == gpu ? device_seconds(comparison, row) : kUndefined;
    };
  };
  std::vector<CostColumn> all{
      {"GPU time", seconds_on(true), seconds_text},
      {"CPU time", seconds_on(false), seconds_text},
      {"images/s", [](const Row& row) { return row.cost.images_per_second; }, count_text},
      {"peak memory, device", [](const Row& row) { return row.cost.peak_device_bytes; }, bytes_text},
      {"peak memory, process", [](const Row& row) { return row.cost.peak_process_bytes; }, bytes_text},
      {"energy", [](const Row& row) { return row.cost.energy_joules; }, joules_text}};
  std::erase_if(all, [&](const CostColumn& column) {
    return std::none_of(comparison.rows.begin(), comparison.rows.end(),
                        [&](const Row& row) { return std::isfinite(column.value(row)); });
  });
  return all;
}

Text marks_of(const Row& row) {
  std::vector<Text> marks;
  for (const std::string& mark : row.marks) {
    if (mark != kLabels) marks.emplace_back(mark);
  }
  return listed(marks);
}

const char* labels_of(const Row& row) {
  if (row.records.empty()) return kNone;
  if (std::find(row.marks.begin(), row.marks.end(), kLabels) != row.marks.end()) return "yes";
  return row.pretrained_elsewhere ? "not known" : "no";  // who trained the weights may have had labels
}

TableCell printed(const Column& column, const Cell& cell) {
  if (!cell.word.empty()) return TableCell(Text(cell.word));
  const std::string text = cell_text(column, cell) + (cell.tied ? " ≈" : "");
  return TableCell(cell.best ? Text::strong(text) : Text::own(text), cell.value);
}

TableCell backbone_cell(const std::string& backbone) { return backbone.empty() ? Text(kNone) : Text(backbone); }

// "`knn.top1`, %", with an arrow where less is better.
Text title_with_unit(const Column& column) {
  return title_of(column) + unit_behind(column) + (column.direction == "lower" ? " ↓" : "");
}

DocumentTable brief_table(const Comparison& comparison) {
  const std::vector<size_t> columns = first_columns(comparison);
  const std::vector<std::string> backbones = differing_backbones(comparison);
  std::vector<Text> header{"row"};
  if (!backbones.empty()) header.emplace_back("backbone");
  for (const size_t c : columns) header.push_back(title_of(comparison.columns[c]) + unit_behind(comparison.columns[c]));
  const std::vector<CostColumn> costs = cost_columns(comparison);
  if (!costs.empty()) header.emplace_back(costs.front().title);
  header.emplace_back("budget");
  DocumentTable table(header);
  for (const Row& row : comparison.rows) {
    std::vector<Text> marks;
    for (const std::string& mark : row.marks) marks.emplace_back(mark);
    std::vector<TableCell> cells{Text::name(row.name) + (marks.empty() ? Text() : " (" + listed(marks) + ")")};
    if (!backbones.empty()) cells.push_back(backbone_cell(backbones[table.rows().size()]));
    for (const size_t c : columns) cells.push_back(printed(comparison.columns[c], row.cells[c]));
    if (!costs.empty()) cells.emplace_back(Text::own(or_none(costs.front().value(row), costs.front().text)));
    cells.push_back(row.budget.empty() ? Text(kNone) : Text(row.budget));
    table.add(std::move(cells));
  }
  return table;
}

std::vector<size_t> columns_where(const Comparison& comparison, bool headline) {
  std::vector<size_t> out;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    if (comparison.columns[c].headline == headline) out.push_back(c);
  }
  return out;
}

DocumentTable results_table(const Comparison& comparison) {
  const std::vector<size_t> columns = columns_where(comparison, true);
  const std::vector<CostColumn> costs = cost_columns(comparison);
  const std::vector<std::string> backbones = differing_backbones(comparison);
  std::vector<Text> header{"row", "marks", kLabels};
  if (!backbones.empty()) header.emplace_back("backbone");
  for (const size_t c : columns) header.push_back(title_with_unit(comparison.columns[c]));
  for (const CostColumn& cost : costs) header.emplace_back(cost.title);
  DocumentTable table(header, backbones.empty() ? 3 : 4);
  for (const Row& row : comparison.rows) {
    std::vector<TableCell> cells{Text::name(row.name), marks_of(row), labels_of(row)};
    if (!backbones.empty()) cells.push_back(backbone_cell(backbones[table.rows().size()]));
    for (const size_t c : columns) cells.push_back(printed(comparison.columns[c], row.cells[c]));
    for (const CostColumn& cost : costs) {
      const double value = cost.value(row);
      cells.emplace_back(Text::own(or_none(value, cost.text)), value);
    }
    table.add(std::move(cells));
  }
  return table;
}

// Columns become rows; the first column must be text.
DocumentTable transposed(const DocumentTable& table, const Text& corner) {
  std::vector<Text> header{corner};
  for (const auto& row : table.rows()) header.push_back(row.front().text);
  DocumentTable out(header);
  for (size_t c = 1; c < table.header().size(); ++c) {
    std::vector<TableCell> cells{table.header()[c]};
    for (const auto& row : table.rows()) cells.push_back(row[c]);
    out.add(std::move(cells));
  }
  return out;
}

// What the headline leaves out; a metric a line where metrics are many (those of every class), so that it stays narrow.
DocumentTable further_table(const Comparison& comparison, const std::vector<size_t>& columns) {
  std::vector<Text> header{"row"};
  for (const size_t c : columns) header.push_back(title_with_unit(comparison.columns[c]));
  DocumentTable table(header);
  for (const Row& row : comparison.rows) {
    std::vector<TableCell> cells{Text::name(row.name)};
    for (const size_t c : columns) cells.push_back(printed(comparison.columns[c], row.cells[c]));
    table.add(std::move(cells));
  }
  return columns.size() > comparison.rows.size() ? transposed(table, "metric") : table;
}

std::string spread_sentence(const Comparison& comparison) {
  bool over_images = false, over_both = false, over_seeds = false, cut = false, tied = false;
  for (const Row& row : comparison.rows) {
    for (const Cell& cell : row.cells) {
      const bool known = !std::isnan(cell.interval.low), several = cell.values.size() > 1;
      over_images = over_images || (known && !several);
      over_both = over_both || (known && several && cell.over_images);
      over_seeds = over_seeds || (known && several && !cell.over_images);
      cut = cut || (known && several && !is_symmetric(cell));
      tied = tied || cell.tied;
    }
  }
  std::string out = scale_sentence(comparison.columns) + " ";
  if (over_images) {
    out += "[low, high]: 95 % interval over resampled test images, 1 seed; it does not cover other seeds. ";
  }
  if (over_both) {
    out +=
        "±: half the width of the 95 % interval of the mean over n seeds, which covers other seeds and other test "
        "images";
    out += cut ? "; [low, high] where it is cut off at 0 or 100. " : ". ";
  }
  if (over_seeds) {
    out += std::string(kSeedsOnly) +
           ": Student's interval over the seeds alone, where nothing is known of other test "
           "images; no row is best by it. ";
  }
  out +=
      "Bold: best row, when the 95 % interval of its difference to the runner-up excludes 0 and its own lies above a "
      "constant answer; the ceiling and collapsed rows do not compete. ";
  if (tied) out += "≈: shares the first place, since the difference to the highest row does not exclude 0. ";
  out += "Cost is that of pretraining (mean over seeds)";
  const bool unequal = std::any_of(comparison.rows.begin(), comparison.rows.end(), [](const Row& row) {
    return std::any_of(row.marks.begin(), row.marks.end(),
                       [](const std::string& mark) { return mark.starts_with("not equal cost"); });
  });
  return out + (unequal ? "; not equal cost: so many times that of the trained row with the least." : ".");
}

void add_left_out(const Comparison& comparison, Document& document) {
  const std::string sentence = left_out_sentence(comparison);
  if (!sentence.empty()) add(document, Paragraph{Text::own(sentence)});
}

}  // namespace

void add_results(const Comparison& comparison, Document& document) {
  add(document, Heading{2, "Results"});
  add(document, results_table(comparison));
  add_left_out(comparison, document);
  add(document, Paragraph{Text::own(spread_sentence(comparison))});
  if (comparison.mixed_revisions) {
    add(document, Paragraph{"The rows, or stages of a row, were made by " + Text::strong("different revisions") +
                            " of the program (see marks); their numbers may differ for that reason alone."});
  }
  add_kept_apart(comparison, document);
  const Text constants = constants_line(comparison);
  if (!constants.empty()) add(document, Paragraph{constants});
  Bullets notes;
  for (const std::string& note : comparison.notes) notes.items.emplace_back(note);
  if (!notes.items.empty()) add(document, std::move(notes));
  Bullets columns = columns_list(comparison);
  if (!columns.items.empty()) add(document, std::move(columns));
}

Document brief_document(const Comparison& comparison) {
  Document out;
  if (!comparison.question.empty()) add(out, Paragraph{Text::strong("Question.") + " " + Text(comparison.question)});
  add(out, Paragraph{Text::strong("Answer.") + " " + Text(comparison.answer)});
  add(out, brief_table(comparison));
  add_left_out(comparison, out);
  add(out, Paragraph{Text::own(spread_sentence(comparison))});
  return out;
}

void add_further_numbers(const Comparison& comparison, Document& document) {
  const std::vector<size_t> columns = columns_where(comparison, false);
  if (columns.empty()) return;
  add(document, Heading{2, "Further numbers"});
  add(document, further_table(comparison, columns));
}

}  // namespace sslbench
