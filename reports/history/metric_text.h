// SPDX-License-Identifier: Apache-2.0
// Values of a cell as a person reads them: fractions in percent and points, all else in its own unit and percent.
#pragma once

#include <string>
#include <utility>

#include "reports/history/snapshot.h"
#include "reports/statistics/statistics.h"

namespace sslbench {

std::string value_text(const SnapshotCell& cell, double value);  // "91.42 %", "2,310 images/s"
// Two values that differ, with as many digits as show it.
std::pair<std::string, std::string> distinct_texts(const SnapshotCell& cell, double a, double b);
std::string change_text(const SnapshotCell& cell, double change, double base);  // "-1.08 points", "-2.6 %"
std::string change_interval_text(const SnapshotCell& cell, const Interval& change, double base);  // "[-1.46, -0.70]"
// Arrow of the better direction: "↑" or "↓".
std::string better_text(const SnapshotCell& cell);

}  // namespace sslbench
