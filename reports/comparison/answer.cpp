// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/answer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/learning_signs.h"
#include "reports/comparison/ranking.h"
#include "reports/comparison/row_notes.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string against_floor(const Comparison& comparison, size_t row) {
  if (!comparison.floor || *comparison.floor == row) return "";
  const Difference gain = difference(comparison, *comparison.primary, row, *comparison.floor);
  return ", " + difference_text(comparison.columns[*comparison.primary], gain) + " over " +
         comparison.rows[*comparison.floor].name;
}

std::string ceiling_of(const Comparison& comparison) {
  for (const Row& row : comparison.rows) {
    const Cell& cell = row.cells[*comparison.primary];
    if (row.role == "ceiling" && cell.word.empty()) {
      return "; the ceiling " + row.name + " reaches " +
             value_with_unit(comparison.columns[*comparison.primary], cell.value);
    }
  }
  return "";
}

// " 2 of 6 rows have no result here." or nothing.
std::string without_result(const Comparison& comparison) {
  const auto lacks = std::count_if(comparison.rows.begin(), comparison.rows.end(), [&](const Row& row) {
    return !row.ranked || !row.cells[*comparison.primary].word.empty();
  });
  if (lacks == 0) return "";
  return " " + std::to_string(lacks) + " of " + std::to_string(comparison.rows.size()) + " rows " +
         (lacks == 1 ? "has" : "have") + " no result that counts here (see Failures and marks).";
}

std::string why_open(const Difference& lead) {
  if (!lead.excludes_zero()) return std::isnan(lead.interval.low) ? "" : ", which does not exclude 0";
  return ", and other test images may say otherwise";
}

// " Not above the floor: a, b. Loss at its chance value: b." or nothing.
std::string signs_of_nothing(const Comparison& comparison) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> rows_of;
  for (const Row& row : comparison.rows) {
    for (const LearningSign& sign : row.signs) {
      std::vector<std::string>& rows = rows_of[sign.mark];
      if (rows.empty()) order.push_back(sign.mark);
      rows.push_back(row.name);
    }
  }
  std::string out;
  for (const std::string& mark : order) {
    out += std::string(" ") + static_cast<char>(std::toupper(static_cast<unsigned char>(mark[0]))) + mark.substr(1) +
           ": " + some_names(rows_of[mark]) + ".";
  }
  return out;
}

std::string answer_by_rank(const Comparison& comparison, const std::string& where) {
  const size_t column = *comparison.primary;
  const std::vector<size_t> order = ranked_rows(comparison, column, false);
  if (order.empty()) return where + "no row has a result that can be ranked.";
  const Row& first = comparison.rows[order[0]];
  const Column& of = comparison.columns[column];
  const std::string score = value_with_unit(of, first.cells[column].value);
  if (!beats_constant_answer(comparison, column, order[0])) {
    return where + "no row is surely above the constant answer, which ignores the image and scores " +
           value_with_unit(of, constant_answer(comparison, column, order[0])) + "; the highest" +
           (ceiling_of(comparison).empty() ? "" : " below the ceiling") + ", " + first.name + ", scores " +
           cell_with_unit(of, first.cells[column]) + ".";
  }
  if (order.size() == 1)
    return where + first.name + " scores " + score + "; no other row has a result to compare with.";
  const std::string ceiling = ceiling_of(comparison);
  const Row& second = comparison.rows[order[1]];
  const Difference lead = difference(comparison, column, order[0], order[1]);
  if (first.role == "floor") return where + "no row is above the floor " + first.name + ", which scores " + score + ".";
  if (lead.seeds == 0) {
    return where + "no best row can be named: " + first.name + " (" + score + ") and " + second.name +
           " share no seed, so that their difference is not known.";
  }
  if (!first.cells[column].best) {
    return where + "no best row can be named: " + first.name + " (" + score + ") leads " + second.name + " by " +
           difference_text(of, lead) + why_open(lead) + ".";
  }
  std::string text =
      where + first.name + " is the best row" + (ceiling.empty() ? "" : " below the ceiling") + ": " + score;
  text += against_floor(comparison, order[0]);
  if (second.role != "floor") text += ", and " + difference_text(of, lead) + " over the next row, " + second.name;
  return text + ceiling + ".";
}

}  // namespace

std::string answer_of(const Comparison& comparison) {
  if (!comparison.primary) return "Nothing has been measured yet.";
  const Column& column = comparison.columns[*comparison.primary];
  const std::string where = "On " + column_title(column) + " (" + column.dataset + " test, " +
                            count_text(static_cast<double>(column.n)) + " images), ";
  return answer_by_rank(comparison, where) + without_result(comparison) + signs_of_nothing(comparison);
}

}  // namespace sslbench
