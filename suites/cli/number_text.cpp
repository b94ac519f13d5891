// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/number_text.h"

#include <cstdio>
#include <iterator>

namespace sslbench {

std::string fixed_text(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string bytes_text(int64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  return fixed_text(value, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

}  // namespace sslbench
