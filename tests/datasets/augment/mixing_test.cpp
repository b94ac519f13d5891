// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/mixing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sslbench {
namespace {

RandomStream stream_of(uint32_t number) { return {3, RandomUse::mixing, 0, number}; }

TEST(MixingTest, BetaHasItsMeanAndVariance) {
  for (const double alpha : {0.01, 0.2, 0.8, 1.0, 5.0}) {
    double mean = 0, square = 0;
    constexpr int kDraws = 20000;
    for (uint32_t i = 0; i < kDraws; ++i) {
      RandomStream stream = stream_of(i);
      const double value = draw_beta(alpha, stream);
      ASSERT_TRUE(value >= 0 && value <= 1) << alpha;
      mean += value / kDraws, square += value * value / kDraws;
    }
    EXPECT_NEAR(mean, 0.5, 0.02) << alpha;
    EXPECT_NEAR(square - mean * mean, 1 / (4 * (2 * alpha + 1)), 0.01) << alpha;
  }
}

TEST(MixingTest, APastedRectangleIsWhatTheLabelGivesUp) {
  for (uint32_t i = 0; i < 2000; ++i) {
    const MixingChoice choice = draw_mixing({0, 1}, 20, stream_of(i));
    ASSERT_TRUE(choice.pasted);
    std::vector<float> own(20 * 20 * 3, 1), other(own.size(), 0);
    mix_views(choice, 20, other.data(), own.data());
    float kept = 0;
    for (const float value : own) kept += value;
    ASSERT_NEAR(kept / static_cast<float>(own.size()), choice.share, 1e-5);
  }
}

TEST(MixingTest, ABlendIsTheWeightedMean) {
  const MixingChoice choice = draw_mixing({0.8f, 0}, 2, stream_of(1));
  std::vector<float> own(12, 1), other(12, 3);
  mix_views(choice, 2, other.data(), own.data());
  for (const float value : own) EXPECT_NEAR(value, choice.share + 3 * (1 - choice.share), 1e-6);
}

TEST(MixingTest, OfTwoEitherIsAsLikelyAndNoneChangesNothing) {
  int pasted = 0;
  for (uint32_t i = 0; i < 4000; ++i) pasted += draw_mixing({0.8f, 1}, 32, stream_of(i)).pasted;
  EXPECT_NEAR(pasted, 2000, 150);
  EXPECT_EQ(draw_mixing({}, 32, stream_of(0)).share, 1);
}

}  // namespace
}  // namespace sslbench
