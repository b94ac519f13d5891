// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/region_edit.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr int64_t kImages = 64, kSide = 32;
const std::vector<RegionEditing> kWays = {
    {RegionEdits::ten, false}, {RegionEdits::ten, true}, {RegionEdits::turns, false}, {RegionEdits::turns, true}};

Tensor images() {
  at::Generator generator = at::detail::createCPUGenerator(2);
  return at::randn({kImages, 3, kSide, kSide}, generator);
}

std::vector<int64_t> samples() {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < kImages; ++i) out.push_back(i);
  return out;
}

TEST(RegionEditTest, ChangesNothingWhereTheMaskSaysSo) {
  const Tensor x = images();
  for (const RegionEditing& way : kWays) {
    const EditedBatch edited = edit_regions(x, samples(), 0, 1, way);
    const Tensor outside = edited.shares_N1HW.eq(0).expand_as(x);
    EXPECT_TRUE(edited.images.masked_select(outside).equal(x.masked_select(outside)));
    EXPECT_FALSE(edited.images.equal(x));
  }
}

TEST(RegionEditTest, TheMaskFillsTheBox) {
  for (const RegionEditing& way : kWays) {
    const EditedBatch edited = edit_regions(images(), samples(), 0, 1, way);
    const Tensor area_N = (edited.boxes_N5.select(1, 2) * edited.boxes_N5.select(1, 3)) * (kSide * kSide);
    const Tensor marked_N = edited.shares_N1HW.gt(0).to(at::kFloat).sum({1, 2, 3});
    EXPECT_TRUE(marked_N.allclose(area_N, 1e-4, 1e-2));
  }
}

// From one pixel to the next the share of a blended edit rises by no more than a few tenths; a hard one jumps to 1.
TEST(RegionEditTest, BlendedBordersHaveNoSeam) {
  const auto steepest = [](const RegionEditing& way) {
    const Tensor share = edit_regions(images(), samples(), 0, 1, way).shares_N1HW;
    return (share.narrow(3, 1, kSide - 1) - share.narrow(3, 0, kSide - 1)).abs().max().item<float>();
  };
  EXPECT_EQ(steepest({RegionEdits::turns, false}), 1);
  EXPECT_LT(steepest({RegionEdits::turns, true}), 0.75f);
}

TEST(RegionEditTest, ATurnedBoxHoldsTheSamePixels) {
  const Tensor x = images();
  const EditedBatch edited = edit_regions(x, samples(), 0, 1, {RegionEdits::turns, false});
  EXPECT_TRUE(edited.images.sum({2, 3}).allclose(x.sum({2, 3}), 1e-3, 1e-3));
  EXPECT_LT(edited.edits_N.max().item<int64_t>(), count_of(RegionEdits::turns));
  EXPECT_TRUE(edited.boxes_N5.select(1, 2).equal(edited.boxes_N5.select(1, 3)));
}

TEST(RegionEditTest, IsAFunctionOfSeedEpochAndSample) {
  const Tensor x = images();
  const Tensor first = edit_regions(x, samples(), 0, 1, kWays[3]).images;
  EXPECT_TRUE(edit_regions(x.narrow(0, 5, 1), {5}, 0, 1, kWays[3]).images[0].equal(first[5]));
  EXPECT_FALSE(edit_regions(x, samples(), 1, 1, kWays[3]).images.equal(first));
}

}  // namespace
}  // namespace sslbench
