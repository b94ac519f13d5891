// SPDX-License-Identifier: Apache-2.0
// What several ranks bring: throughput of pretraining by the number of processes that shared its steps.
#pragma once

#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Processes that carried the run out, each with the threads or the device of its environment; 1 where it does not say.
int64_t ranks_of(const Record& record);

// One row at one number of ranks, averaged over seeds.
struct RankScaling {
  size_t row = 0;  // into Comparison::rows
  int64_t ranks = 1;
  double images_per_second = kUndefined;  // of all ranks together
  double collective_share = kUndefined;   // of the stage's time; undefined alone and on GPUs
  // Throughput a rank over that of the fewest ranks which the same pretraining (stage key, machine, threads) had in
  // these records; undefined where it had one number alone.
  double efficiency = kUndefined;
  size_t runs = 0;
};

// Rows in their order, those with several numbers of ranks by them; empty when no run had more than one rank.
std::vector<RankScaling> rank_scaling(const Comparison& comparison);

}  // namespace sslbench
