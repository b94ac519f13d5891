// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numbers>

namespace sslbench {
namespace {

Image noise_image(int height, int width, uint32_t number = 0) {
  Image image{height, width, std::vector<uint8_t>(static_cast<size_t>(height) * static_cast<size_t>(width) * 3)};
  RandomStream stream(3, RandomUse::render, 9, number);
  for (uint8_t& value : image.pixels) value = static_cast<uint8_t>(stream.below(256));
  return image;
}

std::vector<float> rendered(const Image& image, const ViewParameters& view, int size) {
  std::vector<float> out(static_cast<size_t>(size * size) * 3);
  render_view(image, view, size, {}, out.data());
  return out;
}

ViewParameters whole(const Image& image) {
  ViewParameters view;
  view.height = static_cast<float>(image.height), view.width = static_cast<float>(image.width);
  return view;
}

// Channel 0 at (y, x) of a square HWC picture.
float red(const std::vector<float>& picture, int size, int y, int x) {
  return picture[static_cast<size_t>((y * size + x) * 3)];
}

TEST(RenderViewTest, WholeImageAtItsOwnSizeIsUnchanged) {
  const Image image = noise_image(20, 20);
  const auto out = rendered(image, whole(image), 20);
  for (size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], image.pixels[i] / 255.0, 1e-6);
}

TEST(RenderViewTest, RotationByARightAngleMovesPixelsExactly) {
  const Image image = noise_image(17, 17);
  ViewParameters view = whole(image);
  view.angle = std::numbers::pi_v<float> / 2;
  const auto out = rendered(image, view, 17), upright = rendered(image, whole(image), 17);
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 17; ++x) ASSERT_NEAR(red(out, 17, y, x), red(upright, 17, x, 16 - y), 2e-5);
  }
}

TEST(RenderViewTest, FlipOfARotatedViewIsItsMirrorImage) {
  const Image image = noise_image(24, 24);
  ViewParameters view = whole(image);
  view.angle = 0.3f;
  const auto plain = rendered(image, view, 24);
  view.flip = true;
  const auto flipped = rendered(image, view, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 24; ++x) ASSERT_NEAR(red(flipped, 24, y, x), red(plain, 24, y, 23 - x), 1e-4);
  }
}

TEST(RenderViewTest, WhatLiesOutsideIsReflected) {
  // Left half black, right half white: turned by 45 degrees the corners lie outside and still are black or white.
  Image image{32, 32, std::vector<uint8_t>(32 * 32 * 3)};
  for (size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = i / 3 % 32 < 16 ? 0 : 255;
  ViewParameters view = whole(image);
  view.angle = std::numbers::pi_v<float> / 4;
  const auto out = rendered(image, view, 32);
  EXPECT_NEAR(red(out, 32, 31, 0), 0, 1e-5);  // bottom left shows the point left of the middle
  EXPECT_NEAR(red(out, 32, 0, 31), 1, 1e-5);
}

TEST(RenderViewTest, SmallRotationIsCloseToNone) {
  const Image image = noise_image(16, 16);
  ViewParameters view = whole(image);
  view.angle = 1e-6f;
  const auto turned = rendered(image, view, 16), upright = rendered(image, whole(image), 16);
  for (size_t i = 0; i < turned.size(); ++i) ASSERT_NEAR(turned[i], upright[i], 1e-4);
}

TEST(RenderViewTest, BlurKeepsAConstantAndSpreadsADot) {
  Image image{40, 40, std::vector<uint8_t>(40 * 40 * 3, 51)};
  image.pixels[(20 * 40 + 20) * 3] = 255;
  ViewParameters view = whole(image);
  view.blur_sigma = 1;
  const auto out = rendered(image, view, 40);
  EXPECT_NEAR(red(out, 40, 0, 0), 0.2, 1e-5);
  EXPECT_GT(red(out, 40, 20, 21), 0.25);
  EXPECT_LT(red(out, 40, 20, 20), 0.9);
  EXPECT_NEAR(red(out, 40, 20, 21), red(out, 40, 19, 20), 1e-6);
}

TEST(RenderViewTest, WithoutJitterTheFactorsDoNotCount) {
  const Image image = noise_image(16, 16);
  ViewParameters view = whole(image);
  view.brightness = 0.2f;
  EXPECT_EQ(rendered(image, view, 16), rendered(image, whole(image), 16));
}

TEST(RenderViewTest, SameParametersGiveSameBits) {
  ViewRecipe recipe;
  recipe.rotation = 18, recipe.blur = 0.5f, recipe.solarize = 0.3f;
  for (uint32_t i = 0; i < 20; ++i) {
    const Image image = noise_image(48, 40, i);
    const ViewParameters view = draw_view(recipe, 48, 40, RandomStream(1, RandomUse::view, 0, i));
    const auto first = rendered(image, view, 33);
    rendered(noise_image(90, 90), whole(noise_image(90, 90)), 70);  // other sizes in the same scratch memory
    EXPECT_EQ(rendered(image, view, 33), first);
    for (const float value : first) ASSERT_TRUE(value >= -1e-5f && value <= 1 + 1e-5f);
  }
}

// What operations were added since must not change a view that does without them: FNV-1a over the bits of many views.
TEST(RenderViewTest, ViewsKeepTheirBits) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "the mathematical library of another machine rounds otherwise";
#endif
  constexpr std::array kHeights{32, 48, 570, 20}, kWidths{32, 40, 470, 100}, kSizes{32, 33, 96, 17};
  ViewRecipe recipe{.blur = 0.5f, .solarize = 0.3f};
  const Normalisation normalisation{{0.4f, 0.5f, 0.6f}, {0.2f, 0.25f, 0.3f}};
  uint64_t hash = 1469598103934665603u;
  std::vector<float> out;
  const auto include = [&] {
    for (const float value : out) hash = (hash ^ std::bit_cast<uint32_t>(value)) * 1099511628211u;
  };
  for (const float rotation : {0.f, 18.f}) {
    recipe.rotation = rotation;
    for (uint32_t i = 0; i < 60; ++i) {
      const Image image = noise_image(kHeights[i % 4], kWidths[i % 4], i);
      recipe.size = kSizes[i / 4 % 4];
      out.resize(static_cast<size_t>(recipe.size * recipe.size) * 3);
      const RandomStream stream(1, RandomUse::view, 0, i);
      render_view(image, draw_view(recipe, image.height, image.width, stream), recipe.size, normalisation, out.data());
      include();
      out.resize(size_t{31} * 27 * 3);
      render_whole(image, 31, 27, normalisation, out.data());
      include();
    }
  }
  EXPECT_EQ(hash, 0xb69a6e5948db6ba1u);
}

TEST(RenderViewTest, FlipsAreMirrorImages) {
  const Image image = noise_image(30, 22);
  for (const Interpolation kind : {Interpolation::bilinear, Interpolation::bicubic}) {
    ViewParameters view = whole(image);
    view.interpolation = kind;
    const auto plain = rendered(image, view, 24);
    view.flip = view.flip_vertical = true;
    const auto turned = rendered(image, view, 24);
    for (int y = 0; y < 24; ++y) {
      for (int x = 0; x < 24; ++x) ASSERT_NEAR(red(turned, 24, y, x), red(plain, 24, 23 - y, 23 - x), 2e-6);
    }
  }
}

TEST(RenderViewTest, ACropThatLeavesTheImageHasABlackBorder) {
  const Image image{4, 4, std::vector<uint8_t>(48, 255)};
  ViewParameters view = whole(image);
  view.top = -1, view.left = 2;
  const auto out = rendered(image, view, 4);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) ASSERT_NEAR(red(out, 4, y, x), y >= 1 && x < 2 ? 1 : 0, 1e-6) << y << "," << x;
  }
}

TEST(RenderViewTest, WhatIsErasedIsZeroAfterNormalisation) {
  const Image image = noise_image(16, 16);
  ViewParameters view = whole(image);
  view.erased = {2, 3, 5, 4};
  std::vector<float> out(16 * 16 * 3);
  render_view(image, view, 16, {{0.4f, 0.5f, 0.6f}, {0.2f, 0.25f, 0.3f}}, out.data());
  for (int i = 0; i < 16 * 16 * 3; ++i) {
    const int y = i / 48, x = i / 3 % 16;
    if (y < 2 || y >= 7 || x < 3 || x >= 7) continue;
    ASSERT_NEAR(out[static_cast<size_t>(i)], 0, 1e-6);
  }
}

TEST(RenderWholeTest, MeanOfAnImageSurvivesResizing) {
  const Image image = noise_image(60, 90);
  std::vector<float> out(20 * 30 * 3);
  render_whole(image, 20, 30, {}, out.data());
  double before = 0, after = 0;
  for (const uint8_t value : image.pixels) before += value / 255.0;
  for (const float value : out) after += static_cast<double>(value);
  EXPECT_NEAR(after / static_cast<double>(out.size()), before / static_cast<double>(image.pixels.size()), 3e-3);
}

TEST(RenderWholeTest, ValuesAreNormalisedByChannel) {
  const Image image{1, 1, {255, 0, 51}};
  std::vector<float> out(3);
  render_whole(image, 1, 1, {{0.5f, 0.25f, 0.2f}, {0.5f, 0.5f, 2}}, out.data());
  EXPECT_NEAR(out[0], 1, 1e-6);
  EXPECT_NEAR(out[1], -0.5, 1e-6);
  EXPECT_NEAR(out[2], 0, 1e-6);
}

}  // namespace
}  // namespace sslbench
