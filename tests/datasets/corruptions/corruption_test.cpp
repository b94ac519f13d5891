// SPDX-License-Identifier: Apache-2.0
#include "datasets/corruptions/corruption.h"

#include <gmock/gmock.h>

#include <cmath>

#include "datasets/corruptions/draws.h"
#include "suites/ground/error.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

// Smooth colours with an edge.
Image picture(int height, int width) {
  Image out{height, width, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        out.pixels.push_back(static_cast<uint8_t>(40 + 30 * c + 100 * (x > width / 2) + 2 * (y % 16)));
      }
    }
  }
  return out;
}

double distance(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
  return sum / static_cast<double>(a.pixels.size());
}

TEST(CorruptionTest, EverySeverityOfEveryTableGivesAPictureOfTheSameSize) {
  for (const auto& [height, width] : {std::pair(1, 1), {2, 9}, {17, 12}, {32, 32}}) {
    const Image image = picture(height, width);
    for (const std::string& table : severity_tables()) {
      for (const auto& [name, entry] : Registry<CorruptionEntry>::all()) {
        for (int severity = 1; severity <= 5; ++severity) {
          const Image out = corrupt(image, table, name, severity, 3, 1);
          ASSERT_EQ(out.height, height) << name;
          ASSERT_EQ(out.pixels.size(), image.pixels.size()) << name;
        }
      }
    }
  }
}

TEST(CorruptionTest, ThereAreTheFifteenOfThePaperAndThreeMore) {
  int common = 0;
  for (const auto& [name, entry] : Registry<CorruptionEntry>::all()) common += entry.common ? 1 : 0;
  EXPECT_EQ(Registry<CorruptionEntry>::all().size(), 18u);
  EXPECT_EQ(common, 15);
  ASSERT_EQ(common_corruptions().size(), 15u);
  for (const std::string& name : common_corruptions())
    EXPECT_TRUE(Registry<CorruptionEntry>::find(name).common) << name;
}

TEST(CorruptionTest, DependsOnSeedAndExampleAlone) {
  const Image image = picture(24, 24);
  for (const auto& [name, entry] : Registry<CorruptionEntry>::all()) {
    EXPECT_EQ(corrupt(image, "imagenet_c", name, 3, 5, 7).pixels, corrupt(image, "imagenet_c", name, 3, 5, 7).pixels)
        << name;
  }
  for (const char* name : {"gaussian_noise", "shot_noise", "impulse_noise", "glass_blur", "snow", "fog", "frost"}) {
    const Image out = corrupt(image, "imagenet_c", name, 3, 5, 7);
    EXPECT_NE(out.pixels, corrupt(image, "imagenet_c", name, 3, 5, 8).pixels) << name;
    EXPECT_NE(out.pixels, corrupt(image, "imagenet_c", name, 3, 6, 7).pixels) << name;
  }
}

TEST(CorruptionTest, HigherSeveritiesChangeMore) {
  const Image image = picture(48, 48);
  for (const char* name : {"gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "gaussian_blur",
                           "defocus_blur", "contrast", "brightness", "jpeg_compression", "pixelate"}) {
    EXPECT_GT(distance(image, corrupt(image, "imagenet_c", name, 5, 1, 1)),
              distance(image, corrupt(image, "imagenet_c", name, 1, 1, 1)))
        << name;
  }
}

TEST(CorruptionTest, BlackStaysBlackUnderFogAndContrast) {
  const Image black{8, 8, std::vector<uint8_t>(192)};
  EXPECT_EQ(corrupt(black, "imagenet_c", "fog", 5, 1, 1).pixels, black.pixels);
  EXPECT_EQ(corrupt(black, "imagenet_c", "contrast", 5, 1, 1).pixels, black.pixels);
}

TEST(CorruptionTest, UnknownNamesSayWhatIsKnown) {
  const auto mistake = [](const std::string& table, const std::string& name, int severity) {
    try {
      severity_of(table, name, severity);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no mistake found");
  };
  EXPECT_THAT(mistake("imagenet_d", "fog", 1), HasSubstr("did you mean 'imagenet_c'"));
  EXPECT_THAT(mistake("imagenet_c", "fogg", 1), HasSubstr("did you mean 'fog'"));
  EXPECT_THAT(mistake("imagenet_c", "fog", 6), HasSubstr("known: 1, 2, 3, 4, 5"));
}

// Mean and variance of a Poisson number are its mean; both ways of drawing.
TEST(PoissonDrawTest, HasItsMeanAndVariance) {
  for (const double mean : {0.3, 4.0, 29.0, 31.0, 60.0, 500.0}) {
    RandomStream random(1, RandomUse::view, 2, 3);
    constexpr int kDraws = 40000;
    double sum = 0, square = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double value = poisson_draw(mean, random);
      ASSERT_EQ(value, std::floor(value));
      ASSERT_GE(value, 0);
      sum += value, square += value * value;
    }
    const double found = sum / kDraws, variance = square / kDraws - found * found;
    EXPECT_NEAR(found, mean, 5 * std::sqrt(mean / kDraws));
    EXPECT_NEAR(variance / mean, 1, 0.05);
  }
  RandomStream random(1, RandomUse::view, 2, 3);
  EXPECT_EQ(poisson_draw(0, random), 0);
}

TEST(NormalDrawsTest, AreStandardNormal) {
  RandomStream random(1, RandomUse::view, 2, 3);
  const std::vector<double> values = normal_draws(40001, random);
  double sum = 0, square = 0, beyond = 0;
  for (const double value : values) sum += value, square += value * value, beyond += std::fabs(value) > 1.959964;
  const auto count = static_cast<double>(values.size());
  EXPECT_NEAR(sum / count, 0, 0.025);
  EXPECT_NEAR(square / count, 1, 0.03);
  EXPECT_NEAR(beyond / count, 0.05, 0.005);
}

}  // namespace
}  // namespace sslbench
