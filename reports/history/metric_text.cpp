// SPDX-License-Identifier: Apache-2.0
#include "reports/history/metric_text.h"

#include <cmath>
#include <cstdio>

#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string fixed(double value, int digits, bool sign) {
  char out[64];
  std::snprintf(out, sizeof out, sign ? "%+.*f" : "%.*f", digits, value);
  return out;
}

// A change in points for fractions, else in percent of the base.
double shown_change(const SnapshotCell& cell, double change, double base) {
  return cell.is_fraction() ? change * 100 : change / std::abs(base) * 100;
}

// " s"; nothing for a number without a dimension.
std::string unit_behind(const SnapshotCell& cell) { return cell.unit == "1" ? "" : " " + cell.unit; }

constexpr double kSmallSeconds = 10;  // below, a tenth of a second hides a change

int digits_of(const SnapshotCell& cell) { return cell.is_fraction() ? 2 : 1; }

}  // namespace

std::string value_text(const SnapshotCell& cell, double value) {
  if (!std::isfinite(value)) return "–";
  if (cell.is_fraction()) return fixed(value * 100, 2, false) + " %";
  if (!cell.is_cost()) return significant_text(value) + unit_behind(cell);
  if (cell.unit == "B") return bytes_text(value);
  if (cell.unit == "s" && value < kSmallSeconds) return significant_text(value, 3) + " s";
  if (cell.unit == "s") return seconds_text(value);
  return (value >= 100 ? count_text(std::round(value)) : significant_text(value)) + unit_behind(cell);
}

std::pair<std::string, std::string> distinct_texts(const SnapshotCell& cell, double a, double b) {
  constexpr int kMostDigits = 17;  // tell any two doubles apart
  std::pair<std::string, std::string> out{value_text(cell, a), value_text(cell, b)};
  const double factor = cell.is_fraction() ? 100 : 1;
  const std::string unit = cell.is_fraction() ? " %" : unit_behind(cell);
  for (int digits = 5; a != b && out.first == out.second && digits <= kMostDigits; ++digits) {
    out = {significant_text(a * factor, digits) + unit, significant_text(b * factor, digits) + unit};
  }
  return out;
}

std::string change_text(const SnapshotCell& cell, double change, double base) {
  const double shown = shown_change(cell, change, base);
  if (!std::isfinite(shown)) return "–";
  return fixed(shown, digits_of(cell), true) + (cell.is_fraction() ? " points" : " %");
}

std::string change_interval_text(const SnapshotCell& cell, const Interval& change, double base) {
  const double low = shown_change(cell, change.low, base), high = shown_change(cell, change.high, base);
  if (!std::isfinite(low) || !std::isfinite(high)) return "–";
  return "[" + fixed(low, digits_of(cell), true) + ", " + fixed(high, digits_of(cell), true) + "]";
}

std::string better_text(const SnapshotCell& cell) {
  return cell.direction.empty() || cell.direction == "none" ? "" : cell.higher_is_better() ? "↑" : "↓";
}

}  // namespace sslbench
