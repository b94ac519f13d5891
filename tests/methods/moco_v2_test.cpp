// SPDX-License-Identifier: Apache-2.0
#include "methods/moco_v2.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(MocoV2Test, KeysOfOtherImagesOfTheBatchAreNoNegatives) {
  const Tensor q = noise({6, 8}, 1), k = noise({6, 8}, 2), queue = noise({10, 8}, 3);
  double alone = 0;
  for (int64_t i = 0; i < 6; ++i) {
    alone += moco_v2::info_nce_queue(q.narrow(0, i, 1), k.narrow(0, i, 1), queue, 0.2).item<double>() / 6;
  }
  EXPECT_NEAR(moco_v2::info_nce_queue(q, k, queue, 0.2).item<double>(), alone, 1e-5);
}

TEST(MocoV2Test, FillsEachQueueWithUnitKeysOfItsView) {
  const auto method = small_method("moco_v2");
  const Tensor before = tensor_named(method->buffers(), "queue.rows").clone();
  method->loss(noise_batch(8), {});
  EXPECT_TRUE(tensor_named(method->buffers(), "queue.rows").equal(before)) << "backward still reads the rows";
  method->after_backward({});
  const Tensor first = tensor_named(method->buffers(), "queue.rows");
  const Tensor second = tensor_named(method->buffers(), "queue2.rows");
  EXPECT_EQ(tensor_named(method->buffers(), "queue.pointer").item<int64_t>(), 8);
  EXPECT_LT((first.norm(2, {1}) - 1).abs().max().item<double>(), 1e-5);
  EXPECT_TRUE(first.slice(0, 8).equal(before.slice(0, 8))) << "rows that no key has reached stay";
  EXPECT_FALSE(first.narrow(0, 0, 8).equal(second.narrow(0, 0, 8)));
}

// A network without batch norm cannot tell parts from the whole: what remains of shuffling must be nothing.
TEST(MocoV2Test, ShufflingBringsKeysBackInOrder) {
  const TrainBatch batch = noise_batch(8);
  const auto whole = small_method("moco_v2", {{"bn_splits", 1}, {"last_norm", "none"}}, "vit_tiny");
  const auto parts = small_method("moco_v2", {{"bn_splits", 4}, {"last_norm", "none"}}, "vit_tiny");
  EXPECT_NEAR(whole->loss(batch, {}).total.item<double>(), parts->loss(batch, {}).total.item<double>(), 1e-4);
}

}  // namespace
}  // namespace sslbench
