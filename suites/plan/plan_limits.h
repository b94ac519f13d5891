// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "suites/ground/error.h"

namespace sslbench {

// Runs at a time, and threads of each: more is a slip, or somebody's plan.json.
inline constexpr int kMostWorkers = 1024;

// Every command holds all runs of a plan in memory (some kilobytes each; settings are shared) and looks for the record
// of each. What breaks beyond: reports/record/README.md.
inline constexpr size_t kMostPlannedRuns = 10'000;

inline void expect_plannable(size_t runs, const std::string& whose) {
  if (runs <= kMostPlannedRuns) return;
  throw UserError(whose + ": " + std::to_string(runs) + " runs; a plan holds at most " +
                  std::to_string(kMostPlannedRuns) + ": take fewer rows or seeds, or several suites");
}

}  // namespace sslbench
