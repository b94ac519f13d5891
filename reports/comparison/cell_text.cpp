// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/cell_text.h"

#include <cmath>

#include "reports/text/number_text.h"

namespace sslbench {
namespace {

double half_width(const Interval& interval) { return (interval.high - interval.low) / 2; }

}  // namespace

bool is_symmetric(const Cell& cell) { return std::abs(cell.interval.high + cell.interval.low - 2 * cell.value) < 1e-9; }

std::string column_title(const Column& column) {
  const std::string title = column.protocol + "." + column.metric;
  if (!column.ambiguous) return title;
  const std::string variant = column.variant == 0 ? "" : ", settings " + std::to_string(column.variant);
  return title + " (" + column.dataset + ", v" + std::to_string(column.version) + variant + ")";
}

std::string column_unit(const Column& column) {
  if (column.is_fraction()) return "%";
  return column.unit == "1" ? "" : column.unit;
}

std::string unit_behind(const Column& column, const std::string& between) {
  const std::string unit = column_unit(column);
  return unit.empty() ? "" : between + unit;
}

std::string scale_sentence(const std::vector<Column>& columns) {
  std::string others;
  for (const Column& column : columns) {
    if (!column.is_fraction()) others += (others.empty() ? "" : ", ") + column_title(column);
  }
  return others.empty() ? "Percent." : "Percent, but for " + others + ".";
}

double shown_value(const Column& column, double value) { return column.is_fraction() ? 100 * value : value; }

std::string value_text(const Column& column, double value) {
  return column.is_fraction() ? percent_text(value) : significant_text(value);
}

std::string value_with_unit(const Column& column, double value) {
  return value_text(column, value) + unit_behind(column, " ");
}

std::string change_text(const Column& column, double change) {
  if (column.is_fraction()) return points_text(change);
  return (change >= 0 ? "+" : "") + significant_text(change);
}

std::string cell_text(const Column& column, const Cell& cell) {
  if (!cell.word.empty()) return cell.word;
  const auto text = [&](double value) { return value_text(column, value); };
  const std::string value = text(cell.value), low = text(cell.interval.low), high = text(cell.interval.high);
  const bool known = std::isfinite(cell.interval.low), several = cell.values.size() > 1;
  const std::string interval = !known                          ? ""
                               : several && is_symmetric(cell) ? " ± " + text(half_width(cell.interval))
                                                               : " [" + low + ", " + high + "]";
  if (!several) return value + interval;
  return value + interval + " (n = " + std::to_string(cell.values.size()) + ")" + (cell.over_images ? "" : kSeedsOnly);
}

std::string cell_with_unit(const Column& column, const Cell& cell) {
  return cell_text(column, cell) + unit_behind(column, " ");
}

std::string difference_text(const Column& column, const Difference& difference) {
  if (difference.seeds == 0) return "no common seed";
  const auto text = [&](double change) { return change_text(column, change); };
  const std::string value = text(difference.value) + (column.is_fraction() ? " points" : unit_behind(column, " "));
  const std::string seeds = std::to_string(difference.seeds) + (difference.seeds == 1 ? " seed" : " seeds, paired");
  if (std::isnan(difference.interval.low)) return value + " (no interval; " + seeds + ")";
  const std::string interval = " [" + text(difference.interval.low) + ", " + text(difference.interval.high) + "]";
  const std::string images = count_text(static_cast<double>(difference.n)) + " test images";
  if (difference.seeds == 1) return value + interval + " (over " + images + ", " + seeds + ")";
  return value + interval + " (over " + seeds +
         (difference.over_images ? ", and " + images : "; not over test images") + ")";
}

}  // namespace sslbench
