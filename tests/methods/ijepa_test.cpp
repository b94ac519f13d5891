// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "methods/patches/multi_block_masks.h"
#include "tests/methods/formula_batch.h"

namespace sslbench {
namespace {

MultiBlockMasks drawn(const TrainBatch& batch, const nlohmann::json& changes, int64_t side = 14, int64_t step = 0) {
  const Settings settings("ijepa", MultiBlockSampler::options(), changes);
  return MultiBlockSampler(settings).draw(1, batch, step, side);
}

// Whether any predicted patch of image b is in its first context.
bool overlaps(const MultiBlockMasks& masks, int64_t b) {
  const Tensor context = masks.contexts_EBK[0][b], wanted = masks.predictions_MBK.select(1, b).flatten();
  return context.unsqueeze(1).eq(wanted.unsqueeze(0)).any().item<bool>();
}

TEST(IjepaTest, ContextsHideWhatIsPredicted) {
  const TrainBatch batch = formula_batch(8, 0);
  const MultiBlockMasks apart = drawn(batch, nlohmann::json::object());
  const MultiBlockMasks mixed = drawn(batch, {{"allow_overlap", true}});
  for (int64_t b = 0; b < 8; ++b) {
    EXPECT_FALSE(overlaps(apart, b));
    EXPECT_TRUE(overlaps(mixed, b));
  }
  EXPECT_GT(apart.contexts_EBK.size(2), 10);
  EXPECT_EQ(apart.predictions_MBK.size(0), 4);
}

TEST(IjepaTest, AContextThatCannotBeLargeEnoughGetsBackPredictedPatches) {
  const TrainBatch batch = formula_batch(4, 0);
  const MultiBlockMasks masks = drawn(batch, {{"min_keep", 40}}, 8);
  EXPECT_GT(masks.contexts_EBK.size(2), 40);
  for (int64_t side = 2; side < 5; ++side) EXPECT_GT(drawn(batch, {{"min_keep", 10}}, side).contexts_EBK.size(2), 0);
}

TEST(IjepaTest, BlocksBelongToTheSampleAndSizesToTheStep) {
  TrainBatch whole = formula_batch(8, 0), part = formula_batch(8, 0);
  part.samples = {5, 6};
  const Tensor expected = drawn(whole, nlohmann::json::object()).predictions_MBK.narrow(1, 5, 2);
  EXPECT_TRUE(drawn(part, nlohmann::json::object()).predictions_MBK.equal(expected));
  std::set<int64_t> sizes;
  for (int64_t step = 0; step < 20; ++step) {
    sizes.insert(drawn(whole, nlohmann::json::object(), 14, step).predictions_MBK.size(2));
  }
  EXPECT_GT(sizes.size(), 2u);
  for (const int64_t size : sizes) EXPECT_NEAR(static_cast<double>(size) / 196, 0.175, 0.04);
}

}  // namespace
}  // namespace sslbench
