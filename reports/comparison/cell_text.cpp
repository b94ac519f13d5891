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

std::string cell_text(const Cell& cell) {
  if (!cell.word.empty()) return cell.word;
  const std::string value = percent_text(cell.value), low = percent_text(cell.interval.low),
                    high = percent_text(cell.interval.high);
  const bool known = std::isfinite(cell.interval.low), several = cell.values.size() > 1;
  const std::string interval = !known                          ? ""
                               : several && is_symmetric(cell) ? " ± " + percent_text(half_width(cell.interval))
                                                               : " [" + low + ", " + high + "]";
  if (!several) return value + interval;
  return value + interval + " (n = " + std::to_string(cell.values.size()) + ")" + (cell.over_images ? "" : kSeedsOnly);
}

std::string difference_text(const Difference& difference) {
  if (difference.seeds == 0) return "no common seed";
  const std::string value = points_text(difference.value) + " points";
  const std::string seeds = std::to_string(difference.seeds) + (difference.seeds == 1 ? " seed" : " seeds, paired");
  if (std::isnan(difference.interval.low)) return value + " (no interval; " + seeds + ")";
  const std::string interval =
      " [" + points_text(difference.interval.low) + ", " + points_text(difference.interval.high) + "]";
  const std::string images = count_text(static_cast<double>(difference.n)) + " test images";
  if (difference.seeds == 1) return value + interval + " (over " + images + ", " + seeds + ")";
  return value + interval + " (over " + seeds +
         (difference.over_images ? ", and " + images : "; not over test images") + ")";
}

}  // namespace sslbench
