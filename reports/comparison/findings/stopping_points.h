// SPDX-License-Identifier: Apache-2.0
// Curves of value (pretrain.evaluate_every): when would you have stopped, and what would each criterion that reads no
// label have chosen?
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// What one rule of choosing among the evaluated steps of a pretraining comes to, averaged over seeds.
struct StoppingPoint {
  size_t row = 0;                                             // into Comparison::rows
  std::string criterion;                                      // "last", "loss", "effective_rank", "feature_std"
  double best = kUndefined, chosen = kUndefined;              // knn_top1 at the best step and at the chosen one
  double best_share = kUndefined, chosen_share = kUndefined;  // where those steps lie, as shares of the training
  // Best less chosen, >= 0, and its 95 % interval from the images that were asked, the two taken as independent, which
  // is wider than they are.
  double regret = kUndefined, low = kUndefined, high = kUndefined;
  size_t runs = 0;
};

// Rows in their order, criteria in the order above; those that have no curve are left out.
std::vector<StoppingPoint> stopping_points(const Comparison& comparison);

}  // namespace sslbench
