// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/drawn_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "datasets/stream/step_stream.h"
#include "tests/datasets/readers/failure.h"
#include "tests/datasets/stream/jpeg_source.h"

namespace sslbench {
namespace {

using Pictures = std::vector<std::vector<float>>;  // a view each

Pictures views_of(const ImageSet& images, const std::vector<ViewRecipe>& recipes, const ViewKey& key) {
  DrawnPicture picture;
  picture.draw(images, recipes, key);
  Pictures out;
  for (size_t v = 0; v < recipes.size(); ++v) {
    out.emplace_back(static_cast<size_t>(recipes[v].size) * static_cast<size_t>(recipes[v].size) * 3);
    picture.render(v, {}, out.back().data());
  }
  return out;
}

std::vector<ViewRecipe> two_views(int size) {
  ViewRecipe recipe{.size = size};
  recipe.blur = 0.5f;
  return {recipe, recipe};
}

// Recipes whose crops are of all kinds: small and large, outside the picture, rotated, whole.
std::vector<std::vector<ViewRecipe>> all_kinds() {
  const ViewRecipe padded{.size = 32, .pad_crop = 4}, whole{.size = 48, .crop = CropSampler::whole};
  ViewRecipe rotated{.size = 32}, small{.size = 24}, cubic{.size = 32};
  rotated.rotation = 15, cubic.interpolation = Interpolation::bicubic;
  small.area_low = 0.05f, small.area_high = 0.2f;
  return {two_views(32), {small}, {small, cubic}, {padded}, {rotated, small}, {whole}};
}

TEST(DrawnPictureTest, ViewsHaveTheSameBitsWhetherImagesAreInMemoryOrNot) {
  const ImageSet kept(std::make_unique<JpegSource>(6)), decoded(std::make_unique<JpegSource>(6), {.budget = 1});
  const ImageSet careful(std::make_unique<JpegSource>(6), {.budget = 1, .on_corrupt = OnCorrupt::skip});
  for (const auto& recipes : all_kinds()) {
    for (int64_t sample = 0; sample < 6; ++sample) {
      for (int64_t epoch = 0; epoch < 4; ++epoch) {
        const ViewKey key{3, epoch, sample};
        const Pictures want = views_of(kept, recipes, key);
        EXPECT_EQ(views_of(decoded, recipes, key), want);
        EXPECT_EQ(views_of(careful, recipes, key), want);
      }
    }
  }
}

TEST(DrawnPictureTest, OnlyAPartIsDecodedForViewsOfAPart) {
  auto source = std::make_unique<JpegSource>(2);
  const JpegSource& watched = *source;
  const ImageSet images(std::move(source), {.budget = 1});
  const int before = watched.decoded;
  DrawnPicture picture;
  picture.draw(images, two_views(32), {3, 0, 1});
  EXPECT_EQ(watched.decoded, before);
  EXPECT_EQ(picture.item().label, 1);
  EXPECT_EQ(picture.item().boxes.size(), 1u);
  EXPECT_EQ(picture.height(), 297);
  EXPECT_EQ(picture.width(), 405);
}

// Fault matrix: 62
TEST(DrawnPictureTest, ThreadsDoNotChangeWhatComesOut) {
  const ImageSet kept(std::make_unique<JpegSource>(6)), decoded(std::make_unique<JpegSource>(6), {.budget = 1});
  const auto recipes = two_views(32);
  const auto make = [&](const ImageSet& images) {
    return [&](int64_t step, const std::stop_token&) { return views_of(images, recipes, {3, step / 6, step % 6}); };
  };
  StepStream<Pictures> alone(0, 4, 40, make(kept));
  StepStream<Pictures> one(1, 4, 40, make(decoded)), four(4, 4, 40, make(decoded));
  for (int64_t step = 4; step < 40; ++step) {
    const Pictures want = alone.next();
    EXPECT_EQ(one.next(), want);
    EXPECT_EQ(four.next(), want);
  }
}

TEST(DrawnPictureTest, ACorruptPictureNamesItsFileOrIsReplaced) {
  const auto damaged = [] {
    auto out = std::make_unique<JpegSource>(4);
    out->damage(1);
    return out;
  };
  const ViewRecipe whole{.size = 32, .crop = CropSampler::whole};
  const ImageSet strict(damaged(), {.budget = 1});
  EXPECT_THAT(data_failure([&] { views_of(strict, {whole}, {3, 0, 1}); }), testing::HasSubstr("picture1.jpg"));
  const ImageSet kept(damaged(), {.on_corrupt = OnCorrupt::skip});
  const ImageSet decoded(damaged(), {.budget = 1, .on_corrupt = OnCorrupt::skip});
  EXPECT_EQ(views_of(decoded, {whole}, {3, 0, 1}), views_of(kept, {whole}, {3, 0, 1}));
  const ImageSet scaled(damaged(), {.decode = DecodeMode::scaled, .on_corrupt = OnCorrupt::skip});
  DrawnPicture picture;
  picture.draw(scaled, {whole}, {3, 0, 1});
  EXPECT_EQ(picture.item().label, 2);
  EXPECT_EQ(scaled.skipped().size(), 1u);
}

TEST(NeededRegionTest, IsTheRectangleAroundAllCrops) {
  ViewParameters a, b;
  a.top = 10, a.left = 20, a.height = 30, a.width = 40;
  b.top = 5, b.left = 50, b.height = 10, b.width = 60;
  const JpegRegion region = needed_region({a, b}, {32, 32}, 200, 300, DecodeMode::scaled);
  EXPECT_EQ(std::tuple(region.top, region.left, region.height, region.width, region.eighths),
            std::tuple(5, 20, 35, 90, 8));
  a.angle = 0.1f;
  EXPECT_EQ(needed_region({a, b}, {32, 32}, 200, 300, DecodeMode::exact).width, 300);
}

TEST(NeededRegionTest, AScaledCropIsNeverSmallerThanItsView) {
  RandomStream stream(5, RandomUse::render, 3, 0);
  std::map<int, int> seen;
  for (int i = 0; i < 2000; ++i) {
    ViewParameters view;
    view.height = 1 + static_cast<float>(stream.below(900)), view.width = 1 + static_cast<float>(stream.below(900));
    view.top = static_cast<float>(stream.below(100)), view.left = static_cast<float>(stream.below(100));
    const int size = 8 + static_cast<int>(stream.below(100));
    const JpegRegion region = needed_region({view}, {size}, 1000, 1000, DecodeMode::scaled);
    ++seen[region.eighths];
    if (region.eighths == 8) continue;
    JpegPart part{.eighths = region.eighths};
    part.top = region.top * region.eighths / 8, part.left = region.left * region.eighths / 8;
    part.image.height = part.image.width = 1000;
    const ViewParameters placed = view_in_part(view, part);
    EXPECT_GE(placed.height, static_cast<float>(size));
    EXPECT_GE(placed.width, static_cast<float>(size));
  }
  EXPECT_EQ(seen.size(), 4u);
}

// Of views of values in [0, 1]. The pictures are smooth with edges and noise of +-4 levels.
TEST(DrawnPictureTest, ScaledDecodingStaysNearTheExactViews) {
  const ImageSet exact(std::make_unique<JpegSource>(6)),
      scaled(std::make_unique<JpegSource>(6), {.decode = DecodeMode::scaled});
  ViewRecipe recipe{.size = 32};
  recipe.jitter = recipe.gray = 0, recipe.area_low = 0.4f;
  double total = 0, squares = 0, count = 0;
  for (int64_t sample = 0; sample < 6; ++sample) {
    for (int64_t epoch = 0; epoch < 10; ++epoch) {
      const auto a = views_of(exact, {recipe}, {3, epoch, sample})[0],
                 b = views_of(scaled, {recipe}, {3, epoch, sample})[0];
      for (size_t i = 0; i < a.size(); ++i) {
        const double off = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        total += off, squares += off * off, ++count;
      }
    }
  }
  const double mean = total / count, deviation = std::sqrt(squares / count);
  RecordProperty("mean_deviation", std::to_string(mean));
  RecordProperty("rms_deviation", std::to_string(deviation));
  EXPECT_GT(mean, 0) << "nothing was scaled";
  EXPECT_LT(mean, 0.015);
  EXPECT_LT(deviation, 0.03);
}

}  // namespace
}  // namespace sslbench
