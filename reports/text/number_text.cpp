// SPDX-License-Identifier: Apache-2.0
#include "reports/text/number_text.h"

#include <cmath>
#include <cstdio>

namespace sslbench {
namespace {

std::string word_for(double value) { return std::isnan(value) ? "not measured" : "infinite"; }

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// Avoids "-0.0" for what rounds to nothing.
double unsigned_zero(double value) { return std::fabs(value) < 0.05 ? 0.0 : value; }

}  // namespace

std::string percent_text(double fraction) {
  if (!std::isfinite(fraction)) return word_for(fraction);
  return format("%.1f", unsigned_zero(100 * fraction));
}

std::string points_text(double fraction) {
  if (!std::isfinite(fraction)) return word_for(fraction);
  return format("%+.1f", unsigned_zero(100 * fraction));
}

std::string counted(size_t n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

std::string count_text(double count) {
  if (!std::isfinite(count)) return word_for(count);
  std::string digits = format("%.0f", std::fabs(count));
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return (count <= -0.5 ? "-" : "") + digits;
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return word_for(seconds);
  if (seconds < 100) return format("%.1f s", seconds);
  if (seconds < 6000) return format("%.1f min", seconds / 60);
  return format("%.1f h", seconds / 3600);
}

std::string bytes_text(double bytes) {
  if (!std::isfinite(bytes)) return word_for(bytes);
  if (bytes < 1 << 20) return format("%.1f KiB", bytes / (1 << 10));
  if (bytes < 1 << 30) return format("%.1f MiB", bytes / (1 << 20));
  return format("%.2f GiB", bytes / (1 << 30));
}

std::string joules_text(double joules) {
  if (!std::isfinite(joules)) return word_for(joules);
  if (joules < 1e3) return significant_text(joules, 3) + " J";
  if (joules < 3.6e5) return significant_text(joules / 1e3, 3) + " kJ";
  return significant_text(joules / 3.6e6, 3) + " kWh";
}

std::string significant_text(double value, int digits) {
  if (!std::isfinite(value)) return word_for(value);
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

}  // namespace sslbench
