// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace sslbench {

// How long runs of these lengths take, `jobs` at a time, the longest first: what a RunQueue does. In their unit.
double wall_time(std::vector<double> runs, int jobs);

}  // namespace sslbench
