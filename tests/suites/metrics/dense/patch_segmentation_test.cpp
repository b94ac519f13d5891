// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/dense/patch_segmentation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

const PatchGrid kTwoByTwo{2, 2};

// 4 x 4 pixels: classes 0 and 1 side by side above, void and class 2 below.
const std::vector<uint8_t> kMask{0, 0, 1, 1, 0, 0, 1, 0, 255, 255, 2, 2, 255, 255, 255, 2};

TEST(PatchLabelsTest, VoidIsBackgroundOrNothing) {
  const PatchLabels as_class = patch_labels(kMask, kTwoByTwo, 3, VoidPixels::background);
  EXPECT_EQ(as_class.share.values, (std::vector<double>{1, 0, 0, 0.25, 0.75, 0, 1, 0, 0, 0.25, 0, 0.75}));
  EXPECT_EQ(as_class.kept, std::vector<bool>(4, true));
  const PatchLabels left_out = patch_labels(kMask, kTwoByTwo, 3, VoidPixels::exclude);
  EXPECT_EQ(left_out.share.values, (std::vector<double>{1, 0, 0, 0.25, 0.75, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(left_out.kept, (std::vector<bool>{true, true, false, true}));
}

TEST(PatchLabelsTest, RareClassesMakeLowScores) {
  const Matrix share = patch_labels(kMask, kTwoByTwo, 3, VoidPixels::exclude).share;
  EXPECT_EQ(patch_scores(share), (std::vector<double>{2, 3, 0, 1}));
  const std::vector<double> scores{2, 3, 0, 1};
  EXPECT_EQ(rarest_patches(scores, std::vector<float>{0.5f, 0.1f, 1, 1}, 3), (std::vector<int64_t>{2, 1, 0}));
}

TEST(PatchLabelsTest, AnUnknownClassIsRefused) {
  EXPECT_THROW(patch_labels(kMask, kTwoByTwo, 2, VoidPixels::background), UserError);
  EXPECT_THROW(patch_labels(kMask, {2, 3}, 3, VoidPixels::background), InternalError);
}

TEST(PatchSegmentationTest, VotesAreSharesOfTheNeighbours) {
  const Matrix memory{3, 2, {1, 0, 0, 5, -2, 0}}, labels{3, 2, {1, 0, 0, 1, 0, 1}};
  const PatchVotes got = patch_votes(memory, labels, {2, 2, {3, 0, 1, 1}}, 2, 0.1);
  EXPECT_NEAR(got.share.at(0, 0), 1 / (1 + std::exp(-10.0)), 1e-6);
  EXPECT_NEAR(got.share.at(1, 0), 0.5, 1e-6);
  for (size_t q = 0; q < 2; ++q) EXPECT_NEAR(got.share.at(q, 0) + got.share.at(q, 1), 1, 1e-12);
}

TEST(PatchSegmentationTest, SharesAreHeldAtTheEdgesAndMixedBetweenCentres) {
  const Matrix share{4, 1, {0, 4, 8, 12}};
  const EnlargedShares maps(share, 0, kTwoByTwo);
  std::vector<double> value;
  maps.at(0, 0, value);
  EXPECT_EQ(value[0], 0);
  maps.at(0, 1, value);  // a quarter of the way from the first centre to the second
  EXPECT_EQ(value[0], 1);
  maps.at(3, 3, value);
  EXPECT_EQ(value[0], 12);
}

TEST(PatchSegmentationTest, ExchangedClassesArePerfectAfterMatching) {
  ConfusionMatrix confusion(3);
  confusion.add(std::vector<uint8_t>{0, 0, 1, 255}, std::vector<uint8_t>{1, 1, 0, 2});
  const PatchSegmentation got = patch_segmentation(confusion);
  EXPECT_EQ(got.miou, 0);
  EXPECT_NEAR(got.miou_hungarian, 2.0 / 3, 1e-15);
  EXPECT_EQ(got.present, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(got.miou_present, 0);
}

TEST(PatchSegmentationTest, WithoutPixelsNoClassIsPresent) {
  const PatchSegmentation got = patch_segmentation(ConfusionMatrix(2));
  EXPECT_EQ(got.miou, 0);
  EXPECT_TRUE(std::isnan(got.miou_present));
}

}  // namespace
}  // namespace sslbench
