// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suites/runner/estimate.h"

namespace sslbench {

// Takes the beginning of every stage of these runs whose cost nobody knows on this machine, of equal stages once, adds
// what it foretells to `costs`, and keeps it for later (cost_book.h). `before` is told each run that is tried, with its
// number of how many. Returns a line for each row that could not be tried, with the reason.
using BeforeCalibration = std::function<void(const RunSpec& run, size_t number, size_t of)>;
std::vector<std::string> calibrate_unknown(const std::vector<RunSpec>& runs, StageCosts& costs,
                                           const BeforeCalibration& before);

}  // namespace sslbench
