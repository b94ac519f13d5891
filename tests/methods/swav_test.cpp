// SPDX-License-Identifier: Apache-2.0
#include "methods/swav.h"

#include <gtest/gtest.h>

#include <cmath>

#include "methods/method.h"
#include "suites/tensors/aten.h"
#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace swav;

Tensor waves(at::IntArrayRef shape, double step) {
  return at::arange(c10::multiply_integers(shape), at::kFloat).mul(step).sin().view(shape);
}

TEST(SwAVTest, AssignmentsUseAllPrototypesEqually) {
  const auto out = swapped_prediction(waves({3, 16, 4}, 1.7), {}, {2, 0.1, 1, 30});
  EXPECT_LT((out.assignments_GBK.sum(1) - 4).abs().max().item<float>(), 0.05f);
  EXPECT_LT((out.assignments_GBK.sum(2) - 1).abs().max().item<float>(), 1e-5f);
}

TEST(SwAVTest, EqualScoresCostTheLogarithmOfThePrototypes) {
  EXPECT_NEAR(swapped_prediction(at::zeros({2, 6, 8}), {}, {}).loss.item<float>(), std::log(8.0), 1e-5);
}

TEST(SwAVTest, PrototypesStayWhileFrozenAndLieOnTheSphereAtEveryStep) {
  const auto method = small_method("swav");
  const auto prototypes = tensor_named(method->state(), "prototypes.weight");
  const TrainBatch batch = smooth_batch(2, 8);
  method->loss(batch, {0, 40, 4}).total.backward();
  EXPECT_LT((prototypes.detach().norm(2, {1}, false) - 1).abs().max().item<float>(), 1e-5f);
  method->after_backward({0, 40, 4});
  EXPECT_FALSE(prototypes.grad().defined());
  method->loss(batch, {4, 40, 4}).total.backward();
  method->after_backward({4, 40, 4});
  EXPECT_TRUE(prototypes.grad().defined());
}

TEST(SwAVTest, TheQueueFillsFromItsEpochOnAndCountsOnlyOnceFull) {
  const auto with = small_method("swav", {{"queue", 16}, {"queue_from_epoch", 1}});
  const auto without = small_method("swav", {{"queue", 0}});
  const auto difference = [&](int64_t step) {
    const TrainBatch batch = smooth_batch(2, 8, 8 * step);
    return std::abs(with->loss(batch, {step, 40, 4}).total.item<float>() -
                    without->loss(batch, {step, 40, 4}).total.item<float>());
  };
  EXPECT_EQ(difference(0), 0);
  EXPECT_EQ(tensor_named(with->state(), "queue0.pushed").item<int64_t>(), 0);
  for (const int64_t step : {4, 5}) EXPECT_EQ(difference(step), 0);
  EXPECT_EQ(tensor_named(with->state(), "queue0.pushed").item<int64_t>(), 16);
  EXPECT_GT(difference(6), 0);
}

}  // namespace
}  // namespace sslbench
