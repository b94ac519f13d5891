// SPDX-License-Identifier: Apache-2.0
// Tables against DINOv3's are in tests/golden/backbones (rope_2d).
#include "methods/patches/rotary_embedding.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"

namespace sslbench {
namespace {

double difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(RotaryEmbeddingTest, PeriodsGrowFromTheSmallestToTheLargestOnALogScale) {
  const at::Tensor by_base = rope_periods(16, {.base = 100});
  EXPECT_DOUBLE_EQ(by_base[0].item<double>(), 1);
  EXPECT_DOUBLE_EQ(by_base[2].item<double>(), 10);
  const at::Tensor between = rope_periods(12, {.min_period = 2, .max_period = 8});
  EXPECT_DOUBLE_EQ(between[0].item<double>(), 2);
  EXPECT_DOUBLE_EQ(between[1].item<double>(), 4);
  EXPECT_DOUBLE_EQ(between[2].item<double>(), 8);
}

TEST(RotaryEmbeddingTest, TheSharedSideScalesTheCoordinatesOfBothAxes) {
  const at::Tensor periods = rope_periods(4);  // one period of 1: the angle is 2 pi times the coordinate
  const auto height_angle = [&](RopeCoordinates how) {
    return rope_2d(periods, 2, 4, how).cos[0][0].item<double>();  // the first row
  };
  EXPECT_NEAR(height_angle(RopeCoordinates::separate), std::cos(2 * M_PI * -0.5), 1e-12);
  EXPECT_NEAR(height_angle(RopeCoordinates::min), std::cos(2 * M_PI * -0.5), 1e-12);
  EXPECT_NEAR(height_angle(RopeCoordinates::max), std::cos(2 * M_PI * -0.75), 1e-12);
}

TEST(RotaryEmbeddingTest, ScoresDependOnWhereTokensLieToEachOtherAndPrefixTokensStay) {
  const int64_t d = 8;
  const Rope rope = with_prefix(rope_2d(rope_periods(d), 4, 4), 2);
  const at::Tensor q = formula_tensor({1, 1, 1, d}, 1, 1, 0).to(at::kDouble).expand({1, 1, 18, d});
  const at::Tensor k = formula_tensor({1, 1, 1, d}, 2, 1, 0).to(at::kDouble).expand({1, 1, 18, d});
  const at::Tensor turned_q = rotated(q, rope)[0][0], turned_k = rotated(k, rope)[0][0];
  EXPECT_EQ(difference(turned_q.narrow(0, 0, 2), q[0][0].narrow(0, 0, 2)), 0);
  const auto score = [&](int64_t i, int64_t j) { return turned_q[2 + i].dot(turned_k[2 + j]).item<double>(); };
  EXPECT_NEAR(score(0, 5), score(5, 10), 1e-9);  // one down, one right
  EXPECT_NEAR(score(1, 2), score(9, 10), 1e-9);  // one right
  EXPECT_GT(std::abs(score(0, 1) - score(0, 4)), 1e-3);
}

}  // namespace
}  // namespace sslbench
