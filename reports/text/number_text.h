// SPDX-License-Identifier: Apache-2.0
// Numbers as a person reads them. What is not finite comes out as a word, never as 0.
#pragma once

#include <cstdint>
#include <string>

namespace sslbench {

std::string percent_text(double fraction);                // 0.5193 -> "51.9"
std::string points_text(double fraction);                 // 0.343 -> "+34.3", one point = 0.01
std::string count_text(double count);                     // 2048 -> "2,048"
std::string counted(size_t n, const std::string& thing);  // "1 run", "2 runs"
std::string seconds_text(double seconds);                 // "44.5 s", "12.3 min", "2.1 h"
std::string bytes_text(double bytes);                     // "1.46 GiB"
std::string joules_text(double joules);                   // "12.3 J", "45.6 kJ", "1.25 kWh"
std::string significant_text(double value, int digits = 4);

}  // namespace sslbench
