// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "reports/comparison/cell_text.h"
#include "reports/page/report_sections.h"

namespace sslbench {
namespace {

Text pair_of(const Comparison& comparison, const Difference& difference) {
  return Text::name(comparison.rows[difference.row].name) + " − " + Text::name(comparison.rows[difference.over].name);
}

// Where points would say nothing.
std::string own_unit(const Column& column) {
  const std::string unit = column_unit(column);
  return unit.empty() ? "its own unit" : unit;
}

TableCell over_floor(const Comparison& comparison, size_t row, size_t column) {
  const std::string& word = comparison.rows[row].cells[column].word;
  for (const Difference& d : comparison.over_floor) {
    if (d.column != column || d.row != row || d.seeds == 0) continue;
    const Column& of = comparison.columns[column];
    std::string text = change_text(of, d.value);
    if (!std::isnan(d.interval.low)) {
      text += " [" + change_text(of, d.interval.low) + ", " + change_text(of, d.interval.high) + "]";
    }
    return {Text::own(text), d.value};
  }
  return word.empty() ? TableCell("not known") : TableCell(Text(word));
}

void add_floor_table(const Comparison& comparison, Document& document) {
  std::vector<Text> header{"row, points over " + Text::name(comparison.rows[*comparison.floor].name)};
  std::vector<size_t> shown;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    if (!comparison.columns[c].headline) continue;
    shown.push_back(c);
    const Column& column = comparison.columns[c];
    header.push_back(column.is_fraction() ? title_of(column) : title_of(column) + ", in " + own_unit(column));
  }
  DocumentTable table(header);
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    if (r == *comparison.floor) continue;
    std::vector<TableCell> cells{Text::name(comparison.rows[r].name)};
    for (const size_t c : shown) cells.push_back(over_floor(comparison, r, c));
    table.add(std::move(cells));
  }
  if (!table.empty()) add(document, std::move(table));
}

void add_list(const Comparison& comparison, const std::vector<Difference>& differences, const char* title,
              Document& document) {
  Bullets list;
  for (const Difference& d : differences) {
    if (d.column != *comparison.primary) continue;
    list.items.push_back(pair_of(comparison, d) + ": " + Text::own(difference_text(comparison.columns[d.column], d)));
  }
  if (list.items.empty()) return;
  add(document, Paragraph{title});
  add(document, std::move(list));
}

}  // namespace

void add_differences(const Comparison& comparison, Document& document) {
  if (!comparison.primary || comparison.rows.size() < 2) return;
  add(document, Heading{2, "Differences"});
  add(document, Paragraph{title_of(comparison.columns[*comparison.primary]) +
                          ", difference of two rows with its 95 % interval (paired: the same resampled test images "
                          "and the same seeds). Many comparisons stand here side by side, unadjusted: about one "
                          "interval in twenty misses."});
  add_list(comparison, comparison.over_floor, "Over the floor:", document);
  add_list(comparison, comparison.steps, "Rows by value, each over the next:", document);
  if (comparison.floor) add_floor_table(comparison, document);
}

}  // namespace sslbench
