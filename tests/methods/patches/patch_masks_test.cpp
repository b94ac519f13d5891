// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/patch_masks.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TrainBatch batch_of(std::vector<int64_t> samples, int64_t epoch = 0) {
  TrainBatch out;
  out.samples = std::move(samples);
  out.epoch = epoch;
  return out;
}

const auto wanted_117 = [](RandomStream&) -> int64_t { return 117; };

TEST(PatchMasksTest, BlocksNeverExceedTheWantedNumberAndComeCloseToIt) {
  std::vector<int64_t> samples;
  for (int64_t n = 0; n < 64; ++n) samples.push_back(n);
  const Tensor counts = patch_masks(1, batch_of(samples), 0, 14, 14, {}, wanted_117).sum(1);
  EXPECT_LE(counts.max().item<int64_t>(), 117);
  EXPECT_GT(counts.to(at::kFloat).mean().item<double>(), 90);
  const Tensor single = patch_masks(1, batch_of(samples), 0, 14, 14, {.blocks = false}, wanted_117).sum(1);
  EXPECT_TRUE(single.eq(117).all().item<bool>());
}

TEST(PatchMasksTest, AMaskBelongsToSampleEpochAndView) {
  const Tensor whole = patch_masks(1, batch_of({4, 5, 6}), 0, 8, 8, {}, [](RandomStream&) -> int64_t { return 30; });
  const auto again = [](const TrainBatch& batch, int64_t view) {
    return patch_masks(1, batch, view, 8, 8, {}, [](RandomStream&) -> int64_t { return 30; });
  };
  EXPECT_TRUE(again(batch_of({6}), 0)[0].equal(whole[2]));
  EXPECT_FALSE(again(batch_of({6}), 1)[0].equal(whole[2]));
  EXPECT_FALSE(again(batch_of({6}, 1), 0)[0].equal(whole[2]));
}

TEST(PatchMasksTest, RatiosAreCountedInDouble) {
  EXPECT_EQ(kept_patches(30, 0.9), 2);
  EXPECT_EQ(masked_units(100, 0.55), 56);
}

TEST(PatchMasksTest, GridsOfOnePatchGetNoBlocks) {
  EXPECT_EQ(
      patch_masks(1, batch_of({0}), 0, 1, 1, {}, [](RandomStream&) -> int64_t { return 1; }).sum().item<int64_t>(), 0);
}

}  // namespace
}  // namespace sslbench
