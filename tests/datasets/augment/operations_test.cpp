// SPDX-License-Identifier: Apache-2.0
// Operations that no golden file covers, against their definition pixel by pixel.
#include <gtest/gtest.h>

#include <cmath>

#include "datasets/augment/affine.h"
#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/rand_augment.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/sharpness.h"
#include "datasets/augment/tone.h"

namespace sslbench {
namespace {

Planes noise(int height, int width, uint32_t number = 0) {
  Planes planes;
  planes.resize(height, width);
  RandomStream stream(4, RandomUse::render, 1, number);
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) planes.row(channel, y)[x] = static_cast<float>(stream.below(256)) / 255;
    }
  }
  return planes;
}

// Value of the pixel, 0 outside.
float at(const Planes& planes, int channel, int y, int x) {
  const bool inside = y >= 0 && x >= 0 && y < planes.height() && x < planes.width();
  return inside ? planes.row(channel, y)[x] : 0;
}

void expect_clean_padding(const Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < planes.height(); ++y) {
      for (int x = planes.width(); x < planes.stride(); ++x) ASSERT_EQ(planes.row(channel, y)[x], 0.f);
    }
  }
}

TEST(RearrangeTest, FourQuarterTurnsAndTwoFlipsGiveThePictureBack) {
  const Planes before = noise(5, 9);
  Planes planes = before, turned;
  for (int i = 0; i < 4; ++i) {
    turn_quarters(1, planes, turned);
    std::swap(planes, turned);
  }
  flip_left_right(planes), flip_left_right(planes);
  flip_upside_down(planes), flip_upside_down(planes);
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 9; ++x) ASSERT_EQ(at(planes, 1, y, x), at(before, 1, y, x));
  }
}

TEST(AffineTest, WholeTranslationsMovePixelsAndLeaveBlack) {
  const Planes before = noise(6, 7);
  Planes planes = before;
  apply_affine(translation_map(2, -1), planes);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 7; ++x) ASSERT_EQ(at(planes, 0, y, x), at(before, 0, y + 1, x - 2));
  }
}

TEST(AffineTest, ARightAngleIsAQuarterTurn) {
  const Planes before = noise(9, 9);
  Planes planes = before, turned;
  apply_affine(rotation_map(0, 1, 9, 9), planes);
  turn_quarters(1, before, turned);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 9; ++x) ASSERT_EQ(at(planes, 2, y, x), at(turned, 2, y, x));
  }
}

TEST(AffineTest, AShearMovesRowsByTheirHeight) {
  const Planes before = noise(8, 8);
  Planes planes = before;
  apply_affine(shear_map(1, 0), planes);  // row y shows x + (y + 1/2), halves to even
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      const int from = static_cast<int>(std::nearbyint(x + y + 0.5));
      ASSERT_EQ(at(planes, 0, y, x), at(before, 0, y, from));
    }
  }
}

TEST(ToneTest, PosterizeKeepsTheUpperBits) {
  EXPECT_FLOAT_EQ(posterized(0.99f, 4), 0.75f);
  EXPECT_FLOAT_EQ(posterized(1.f, 4), 0.75f);
  EXPECT_FLOAT_EQ(posterized(0.49f, 2), 0);
  EXPECT_FLOAT_EQ(posterized(0.f, 256), 0);
}

TEST(ToneTest, AutocontrastFillsTheRangeAndLeavesAConstant) {
  Planes planes = noise(4, 5);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) planes.row(0, y)[x] = 0.25f + 0.5f * planes.row(0, y)[x], planes.row(1, y)[x] = 0.3f;
  }
  apply_autocontrast(planes);
  float low = 1, high = 0;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) {
      low = smaller(low, at(planes, 0, y, x)), high = larger(high, at(planes, 0, y, x));
      ASSERT_FLOAT_EQ(at(planes, 1, y, x), 0.3f);
    }
  }
  EXPECT_EQ(low, 0);
  EXPECT_FLOAT_EQ(high, 1);
  expect_clean_padding(planes);
}

TEST(ToneTest, EqualizeFollowsTheTableOfCounts) {
  // 510 pixels of tone 10, 255 of tone 20, 300 of tone 200: step (1065 - 300) / 255 = 3.
  int counts[kTones] = {}, table[kTones] = {};
  counts[10] = 510, counts[20] = 255, counts[200] = 300;
  ASSERT_TRUE(equalizing_table(counts, 1065, table));
  EXPECT_EQ(table[0], 0);
  EXPECT_EQ(table[10], 0);
  EXPECT_EQ(table[20], 170);
  EXPECT_EQ(table[200], 255);
  counts[10] = counts[20] = 0;
  EXPECT_FALSE(equalizing_table(counts, 300, table));
  for (int tone = 0; tone < kTones; ++tone) ASSERT_EQ(tone_of(static_cast<float>(tone) / 255), tone);
}

TEST(ToneTest, EqualizeSpreadsAFewTones) {
  constexpr int kSide = 150;  // enough pixels that the whole-numbered step of PIL's table hardly cuts
  Planes planes = noise(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) planes.row(0, y)[x] = 0.4f + 0.1f * planes.row(0, y)[x];
  }
  apply_equalize(planes);
  double mean = 0;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) mean += static_cast<double>(at(planes, 0, y, x)) / (kSide * kSide);
  }
  EXPECT_NEAR(mean, 0.5, 0.03);
  expect_clean_padding(planes);
}

TEST(SharpnessTest, BlendsTheInteriorWithItsNeighbours) {
  const Planes before = noise(6, 8);
  Planes planes = before;
  apply_sharpness(0, planes);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      float want = at(before, 0, y, x);
      if (y > 0 && y < 5 && x > 0 && x < 7) {
        want = 4 * want;
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) want += at(before, 0, y + dy, x + dx);
        }
        want /= 13;
      }
      ASSERT_NEAR(at(planes, 0, y, x), want, 1e-6) << y << "," << x;
    }
  }
  Planes thin = noise(2, 8);
  apply_sharpness(0, thin);
  EXPECT_EQ(at(thin, 0, 1, 3), at(noise(2, 8), 0, 1, 3));
}

TEST(BlurTest, AKernelWiderThanThePictureGoesOnReflecting) {
  for (const int side : {1, 2, 5}) {
    const Planes before = noise(side, side);
    Planes planes = before;
    gaussian_blur(23, 2, planes);
    double sum = 0;
    for (int k = -11; k <= 11; ++k) sum += std::exp(-k * k / 8.0);
    double want = 0;
    for (int i = -11; i <= 11; ++i) {
      for (int k = -11; k <= 11; ++k) {
        const double weight = std::exp(-(i * i + k * k) / 8.0) / (sum * sum);
        want += weight * static_cast<double>(at(before, 1, mirrored(i, side), mirrored(k, side)));
      }
    }
    EXPECT_NEAR(at(planes, 1, 0, 0), want, 1e-5) << side;
    expect_clean_padding(planes);
  }
}

TEST(RandAugmentTest, ValuesAreTorchvisionsAtTheEnds) {
  EXPECT_FLOAT_EQ(rand_augment_value(RandAugmentOp::shear_x, 30), 0.3f);
  EXPECT_FLOAT_EQ(rand_augment_value(RandAugmentOp::rotate, 9), 9);
  EXPECT_FLOAT_EQ(rand_augment_value(RandAugmentOp::posterize, 30), 4);
  EXPECT_FLOAT_EQ(rand_augment_value(RandAugmentOp::posterize, 9), 7);
  EXPECT_FLOAT_EQ(rand_augment_value(RandAugmentOp::solarize, 0), 1);
}

TEST(RandAugmentTest, DrawsEveryOperationEvenlyAndBothSigns) {
  std::array<int, kRandAugmentOps> counts{};
  int negative = 0, shears = 0;
  constexpr int kDraws = 28000;
  for (uint32_t i = 0; i < kDraws / 2; ++i) {
    RandomStream stream(5, RandomUse::view, 0, i);
    const RandAugmentSteps steps = draw_rand_augment(2, 9, stream);
    ASSERT_EQ(steps.size, 2);
    for (const RandAugmentStep& step : {steps.steps[0], steps.steps[1]}) {
      ++counts[static_cast<size_t>(step.op)];
      if (step.op == RandAugmentOp::shear_x) ++shears, negative += step.value < 0;
    }
  }
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 14, 200);
  EXPECT_NEAR(negative, shears / 2, 110);
}

TEST(RandAugmentTest, EveryOperationKeepsTheRangeAndThePadding) {
  for (uint32_t op = 0; op < kRandAugmentOps; ++op) {
    for (const int magnitude : {0, 9, 30}) {
      for (const float sign : {1.f, -1.f}) {
        RandAugmentSteps steps;
        const auto kind = static_cast<RandAugmentOp>(op);
        const bool unsigned_value = kind == RandAugmentOp::posterize || kind == RandAugmentOp::solarize;
        steps.steps[0] = {kind, (unsigned_value ? 1.f : sign) * rand_augment_value(kind, magnitude)};
        steps.size = 1;
        Planes planes = noise(13, 19, op);
        apply_rand_augment(steps, planes);
        expect_clean_padding(planes);
        for (int y = 0; y < 13; ++y) {
          for (int x = 0; x < 19; ++x) ASSERT_TRUE(at(planes, 0, y, x) >= 0 && at(planes, 0, y, x) <= 1) << op;
        }
      }
    }
  }
}

}  // namespace
}  // namespace sslbench
