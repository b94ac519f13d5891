// SPDX-License-Identifier: Apache-2.0
// Numbers as a person reads them. What is not finite comes out as a word, never as 0.
#pragma once

#include <cstdint>
#include <string>

#include "reports/comparison.h"

namespace sslbench {

std::string percent_text(double fraction);                // 0.5193 -> "51.9"
std::string points_text(double fraction);                 // 0.343 -> "+34.3", one point = 0.01
std::string count_text(double count);                     // 2048 -> "2,048"
std::string counted(size_t n, const std::string& thing);  // "1 run", "2 runs"
std::string seconds_text(double seconds);                 // "44.5 s", "12.3 min", "2.1 h"
std::string bytes_text(double bytes);                     // "1.46 GiB"
std::string joules_text(double joules);                   // "12.3 J", "45.6 kJ", "1.25 kWh"
std::string significant_text(double value, int digits = 4);

std::string hours_text(double seconds);  // 61 -> "0.017", in hours

// The interval reaches as far below the value as above: it is not cut off at none or all.
bool is_symmetric(const Cell& cell);

// "linear_probe.top1", with data set, version and settings where another column has the same name.
std::string column_title(const Column& column);
// Behind an interval over seeds that knows nothing of other test images.
inline constexpr const char* kSeedsOnly = "†";
// "51.9 ± 3.5 (n = 3)", "51.9 ± 3.5 (n = 3)†", "99.6 [97.1, 100.0] (n = 3)", "51.9 [49.8, 54.0]", "51.9", or the cell's
// word.
std::string cell_text(const Cell& cell);
// "+34.3 points [+31.9, +36.8] (over 2,048 test images, 1 seed)", "... (over 3 seeds, paired, and 2,048 test images)".
std::string difference_text(const Difference& difference);

}  // namespace sslbench
