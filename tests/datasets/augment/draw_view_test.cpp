// SPDX-License-Identifier: Apache-2.0
// The laws of the random choices, against 50,000 to 200,000 draws of torchvision (tests/golden/augment/dist__*.json).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "datasets/augment/named_recipe.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/golden/draw_laws.h"

namespace sslbench {
namespace {
using nlohmann::json;

constexpr int kDraws = 50000;

std::vector<ViewParameters> draw_many(const ViewRecipe& recipe, int height, int width) {
  std::vector<ViewParameters> out;
  for (uint32_t i = 0; i < kDraws; ++i) {
    out.push_back(draw_view(recipe, height, width, RandomStream(7, RandomUse::view, 0, i)));
  }
  return out;
}

std::vector<std::string> law_files() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(SSLBENCH_SOURCE_DIR "/tests/golden/augment")) {
    if (entry.path().extension() == ".json") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class DrawLaw : public testing::TestWithParam<std::string> {};

TEST_P(DrawLaw, IsThatOfThePublishedSampler) {
  const json file = json::parse(read_file(GetParam()));
  const Draws draws = draw_for(file.at("op"), GoldenSettings(file.at("settings")), kDraws);
  for (const auto& [name, grid] : file.at("cdf").items()) {
    const auto& drawn = draws.values.at(name);
    EXPECT_LE(law_distance(drawn, grid), law_bound(static_cast<double>(drawn.size()), file.at("draws"))) << name;
  }
  if (!draws.orders.empty()) {
    EXPECT_LE(order_chi_square(draws, kDraws), kOrderChiSquare);
  }
  EXPECT_EQ(draws.failed, 0);
}

INSTANTIATE_TEST_SUITE_P(DrawViewTest, DrawLaw, testing::ValuesIn(law_files()), [](const auto& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

TEST(DrawLawTest, TellsAnotherSampler) {
  const json file = json::parse(read_file(SSLBENCH_SOURCE_DIR "/tests/golden/augment/dist__rrc_375x500_0.08_1.json"));
  const Draws other = draw_crops(GoldenSettings(file.at("settings")), CropSampler::mae, kDraws);
  EXPECT_GT(law_distance(other.values.at("area_fraction"), file.at("cdf").at("area_fraction")),
            2 * law_bound(kDraws, 2e5));
}

TEST(DrawViewTest, APaddedCropHasTheImagesSizeAndReachesEveryPlace) {
  ViewRecipe recipe;
  recipe.pad_crop = 2;
  std::set<std::pair<float, float>> places;
  for (const ViewParameters& view : draw_many(recipe, 8, 6)) {
    ASSERT_EQ(view.height, 8);
    ASSERT_EQ(view.width, 6);
    places.emplace(view.top, view.left);
  }
  EXPECT_EQ(places.size(), 25u);
  EXPECT_EQ(places.begin()->first, -2);
}

TEST(DrawViewTest, AnErasedRectangleLiesInsideTheView) {
  ViewRecipe recipe;
  recipe.erasing = 1, recipe.size = 9;
  for (uint32_t i = 0; i < 2000; ++i) {
    const CropRect rect = draw_view(recipe, 40, 30, RandomStream(2, RandomUse::view, 0, i)).erased;
    ASSERT_LE(rect.top + rect.height, 9);
    ASSERT_LE(rect.left + rect.width, 9);
  }
}

TEST(DrawViewTest, ProbabilitiesAreMet) {
  ViewRecipe recipe;
  recipe.flip = 0.5f, recipe.jitter = 0.8f, recipe.gray = 0.2f, recipe.blur = 0.3f, recipe.solarize = 0.1f;
  std::array<int, 5> counts{};
  for (const ViewParameters& view : draw_many(recipe, 32, 32)) {
    counts[0] += view.flip, counts[1] += view.jitter, counts[2] += view.gray;
    counts[3] += view.blur_sigma > 0, counts[4] += view.solarize;
  }
  const std::array expected{0.5, 0.8, 0.2, 0.3, 0.1};
  for (size_t k = 0; k < 5; ++k) {
    const double bound = 4.5 * std::sqrt(expected[k] * (1 - expected[k]) / kDraws);
    EXPECT_NEAR(counts[k] / static_cast<double>(kDraws), expected[k], bound) << k;
  }
}

TEST(DrawViewTest, DrawsDependOnSampleViewAndEpochOnly) {
  const ViewRecipe recipe;
  const auto crop = [&](uint32_t epoch, uint32_t sample, uint32_t view) {
    const ViewParameters drawn = draw_view(recipe, 224, 224, RandomStream(1, RandomUse::view, epoch, sample, view));
    return std::array{drawn.top, drawn.left, drawn.height, drawn.width};
  };
  EXPECT_EQ(crop(3, 5, 1), crop(3, 5, 1));
  EXPECT_NE(crop(3, 5, 1), crop(3, 5, 0));
  EXPECT_NE(crop(3, 5, 1), crop(3, 6, 1));
  EXPECT_NE(crop(3, 5, 1), crop(4, 5, 1));
}

TEST(DrawViewTest, NeverLeavesTheImage) {
  ViewRecipe recipe;
  recipe.ratio_low = 0.5f, recipe.ratio_high = 2;
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 50}, {33, 7}}) {
    for (uint32_t i = 0; i < 500; ++i) {
      const ViewParameters view = draw_view(recipe, height, width, RandomStream(2, RandomUse::view, 0, i));
      ASSERT_GE(view.height, 1);
      ASSERT_GE(view.width, 1);
      ASSERT_LE(view.top + view.height, height);
      ASSERT_LE(view.left + view.width, width);
    }
  }
}

std::vector<ViewRecipe> recipes(const json& given, const ViewRequest& request = {}) {
  return view_recipes_from(Settings("views", view_options(), given), request);
}

TEST(ViewRecipesTest, DefaultsOfTheOptionsAreThoseOfTheRecipe) {
  const ViewRecipe declared, read = recipes(json::object()).at(0);
  EXPECT_EQ(read.area_low, declared.area_low);
  EXPECT_EQ(read.ratio_high, declared.ratio_high);
  EXPECT_EQ(read.jitter, declared.jitter);
  EXPECT_EQ(read.hue, declared.hue);
  EXPECT_EQ(read.blur_sigma_low, declared.blur_sigma_low);
}

TEST(ViewRecipesTest, ProbabilitiesMayDifferFromViewToView) {
  const auto dino = recipes({{"blur", {1.0, 0.1, 0.5}}, {"solarize", {0, 0.2, 0}}, {"local_count", 2}}, {2, 32});
  ASSERT_EQ(dino.size(), 4u);
  EXPECT_EQ(dino[0].blur, 1);
  EXPECT_EQ(dino[1].blur, 0.1f);
  EXPECT_EQ(dino[3].blur, 0.5f) << "the last value holds for all further views";
  EXPECT_EQ(dino[1].solarize, 0.2f);
  EXPECT_EQ(recipes({{"blur", 0.5}}, {2, 32})[1].blur, 0.5f);
}

TEST(ViewRecipesTest, LocalViewsAreSmallAndComeLast) {
  const auto views = recipes({{"count", 3}, {"size", 64}, {"local_count", 1}}, {2, 32});
  ASSERT_EQ(views.size(), 4u);
  EXPECT_EQ(views[2].size, 64);
  EXPECT_EQ(views[3].size, 32);
  EXPECT_EQ(views[3].area_high, 0.4f);
}

TEST(ViewRecipesTest, NormalisationIsTheSetsOwnUnlessAnotherIsNamed) {
  const auto mean = [](const json& given) {
    return normalisation_from(Settings("views", view_options(), given), {{1, 2, 3}, {4, 5, 6}}).mean[0];
  };
  EXPECT_EQ(mean(json::object()), 1);
  EXPECT_EQ(mean({{"normalisation", "imagenet"}}), 0.485f);
  EXPECT_EQ(mean({{"normalisation", "half"}}), 0.5f);
}

TEST(ViewRecipesTest, NormalisationIsThatOfTheWeightsWhereTheySayOneAndTheTableNone) {
  const auto mean = [](const json& given) {
    const Normalisation of_weights{{7, 8, 9}, {1, 1, 1}};
    return normalisation_from(Settings("views", view_options(), given), {{1, 2, 3}, {4, 5, 6}}, of_weights).mean[0];
  };
  EXPECT_EQ(mean(json::object()), 7);
  EXPECT_EQ(mean({{"normalisation", "dataset"}}), 1);
  EXPECT_EQ(mean({{"normalisation", "half"}}), 0.5f);
}

TEST(ViewRecipesTest, BoundsInTheWrongOrderAreRefused) {
  EXPECT_THROW(recipes({{"area_low", 0.9}, {"area_high", 0.5}}), UserError);
  EXPECT_THROW(recipes({{"local_area_low", 0.9}, {"local_area_high", 0.5}}), UserError);
}

TEST(ViewRecipesTest, ABlurWithoutAMiddleAndTwoBordersAreRefused) {
  EXPECT_THROW(recipes({{"blur_kernel", 4}}), UserError);
  EXPECT_THROW(recipes({{"pad_crop", 4}, {"rotation", 10}}), UserError);
  EXPECT_EQ(recipes({{"blur_kernel", 5}})[0].blur_kernel, 5);
}

TEST(ViewRecipesTest, EveryNamedRecipeSaysValidValues) {
  for (const auto& [name, entry] : Registry<RecipeEntry>::all()) {
    EXPECT_FALSE(recipes(entry.values, {2, 224}).empty()) << name;
    EXPECT_FALSE(entry.source.empty()) << name;
  }
  const json dino = Registry<RecipeEntry>::find("dino").values;
  EXPECT_EQ(recipes(dino, {2, 224}).size(), 10u);
  EXPECT_EQ(recipes(dino, {2, 224})[0].interpolation, Interpolation::bicubic);
}

// `recipe` is read by the planner, which puts its values in.
TEST(ViewRecipesTest, EveryOptionIsRead) {
  const Settings settings("views", view_options(), json::object());
  view_recipes_from(settings, {});
  normalisation_from(settings, {});
  mixing_from(settings);
  EXPECT_EQ(settings.unread(), std::vector<std::string>{"recipe"});
}

}  // namespace
}  // namespace sslbench
