// SPDX-License-Identifier: Apache-2.0
#include "reports/answer.h"

#include "reports/number_text.h"
#include "reports/ranking.h"

namespace sslbench {
namespace {

std::string against_floor(const Comparison& comparison, size_t row) {
  if (!comparison.floor || *comparison.floor == row) return "";
  const Difference gain = difference(comparison, *comparison.primary, row, *comparison.floor);
  return ", " + difference_text(gain) + " over " + comparison.rows[*comparison.floor].name;
}

std::string ceiling_of(const Comparison& comparison) {
  for (const Row& row : comparison.rows) {
    const Cell& cell = row.cells[*comparison.primary];
    if (row.role == "ceiling" && cell.word.empty()) {
      return "; the ceiling " + row.name + " reaches " + percent_text(cell.value) + " %";
    }
  }
  return "";
}

}  // namespace

std::string answer_of(const Comparison& comparison) {
  if (!comparison.primary) return "Nothing has been measured yet.";
  const size_t column = *comparison.primary;
  const std::string where = "On " + column_title(comparison.columns[column]) + " (" +
                            comparison.columns[column].dataset + " test, " +
                            count_text(static_cast<double>(comparison.columns[column].n)) + " images), ";
  const std::vector<size_t> order = ranked_rows(comparison, column, false);
  if (order.empty()) return where + "no row has a result that can be ranked.";
  const Row& first = comparison.rows[order[0]];
  const std::string score = percent_text(first.cells[column].value) + " %";
  if (order.size() == 1) return where + first.name + " scores " + score + "; there is no other row to compare with.";
  const std::string ceiling = ceiling_of(comparison);
  const Row& second = comparison.rows[order[1]];
  const Difference lead = difference(comparison, column, order[0], order[1]);
  if (first.role == "floor") return where + "no row is above the floor " + first.name + ", which scores " + score + ".";
  if (!first.cells[column].best) {
    return where + "no best row can be named: " + first.name + " (" + score + ") leads " + second.name + " by " +
           difference_text(lead) + ", which does not exclude 0.";
  }
  std::string text =
      where + first.name + " is the best row" + (ceiling.empty() ? "" : " below the ceiling") + ": " + score;
  text += against_floor(comparison, order[0]);
  if (second.role != "floor") text += ", and " + difference_text(lead) + " over the next row, " + second.name;
  return text + ceiling + ".";
}

}  // namespace sslbench
