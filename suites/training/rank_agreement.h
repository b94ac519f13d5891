// SPDX-License-Identifier: Apache-2.0
// What the ranks of a training must agree on. Alone, all of it is free.
#pragma once

#include <string>
#include <vector>

#include "datasets/batches/sample_order.h"
#include "methods/module.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

// UserError when a step has fewer images than ranks.
void expect_shares(int64_t images, int64_t ranks);

// This rank's images of a step, of which there must be enough.
BatchPlan own_share(const BatchPlan& whole, const Ranks& group);

// What this step must be followed by, as soon as one rank wants it.
struct AfterStep {
  bool stop = false, save = false;
};
AfterStep agreed(const AfterStep& own, Ranks& group);

// Gives every rank the first one's tensors and its step.
int64_t copied_from_first(const std::vector<NamedTensor>& state, int64_t step, Ranks& group);

// A term of a loss, of which every rank has its share.
double sum_of_shares(const Tensor& term, Ranks& group);

// What a loss says that it embedded, which may be this rank's images or all of them: [N, D] of the whole batch.
Tensor of_whole_batch(const Tensor& embedding_ND, Ranks& group);

// RunFailure(ranks) unless all ranks have this hash of their state.
void expect_same_state(const std::string& hash, int64_t step, Ranks& group);

}  // namespace sslbench
