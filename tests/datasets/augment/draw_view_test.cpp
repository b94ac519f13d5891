// SPDX-License-Identifier: Apache-2.0
// The laws of the random choices, against 50,000 to 200,000 draws of torchvision (tests/golden/augment/dist__*.json).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "datasets/augment/view.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"

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

// Kolmogorov-Smirnov on the grid of the file, alpha 1e-5.
void expect_law(std::vector<double> got, const json& cdf, double draws, const std::string& name) {
  std::sort(got.begin(), got.end());
  const double bound = 2.47 * std::sqrt(1.0 / kDraws + 1.0 / draws);
  for (const json& point : cdf) {
    const auto below = std::upper_bound(got.begin(), got.end(), point[0].get<double>() + 1e-6) - got.begin();
    EXPECT_NEAR(static_cast<double>(below) / kDraws, point[1].get<double>(), bound) << name << " at " << point[0];
  }
}

class CropLaw : public testing::TestWithParam<const char*> {};

TEST_P(CropLaw, IsThatOfRandomResizedCrop) {
  const json file = json::parse(read_file(std::string(SSLBENCH_SOURCE_DIR "/tests/golden/augment/") + GetParam()));
  const json& settings = file.at("settings");
  const int height = settings.at("height"), width = settings.at("width");
  ViewRecipe recipe;
  recipe.area_low = settings.at("scale")[0], recipe.area_high = settings.at("scale")[1];
  recipe.ratio_low = settings.at("ratio")[0], recipe.ratio_high = settings.at("ratio")[1];
  std::map<std::string, std::vector<double>> got;
  for (const ViewParameters& view : draw_many(recipe, height, width)) {
    const double h = static_cast<double>(view.height), w = static_cast<double>(view.width);
    got["height"].push_back(h), got["width"].push_back(w);
    got["top"].push_back(static_cast<double>(view.top)), got["left"].push_back(static_cast<double>(view.left));
    got["area_fraction"].push_back(h * w / (static_cast<double>(height) * width));
    got["log_ratio"].push_back(std::log(w / h));
    got["center_y"].push_back((static_cast<double>(view.top) + h / 2) / height);
    got["center_x"].push_back((static_cast<double>(view.left) + w / 2) / width);
  }
  for (const auto& [name, cdf] : file.at("cdf").items()) expect_law(got.at(name), cdf, file.at("draws"), name);
}

INSTANTIATE_TEST_SUITE_P(DrawViewTest, CropLaw,
                         testing::Values("dist__rrc_32x32_0.08_1.json", "dist__rrc_32x32_0.2_1.json",
                                         "dist__rrc_224x224_0.05_0.4.json", "dist__rrc_375x500_0.08_1.json",
                                         "dist__rrc_40x200_0.2_1.json", "dist__rrc_96x64_0.08_1.json"));

class JitterLaw : public testing::TestWithParam<const char*> {};

TEST_P(JitterLaw, IsThatOfColorJitter) {
  const json file = json::parse(read_file(std::string(SSLBENCH_SOURCE_DIR "/tests/golden/augment/") + GetParam()));
  const json& settings = file.at("settings");
  ViewRecipe recipe;
  recipe.jitter = 1;
  recipe.brightness = settings.at("brightness"), recipe.contrast = settings.at("contrast");
  recipe.saturation = settings.at("saturation"), recipe.hue = settings.at("hue");
  std::map<std::string, std::vector<double>> got;
  std::map<std::array<uint8_t, 4>, int> orders;
  for (const ViewParameters& view : draw_many(recipe, 32, 32)) {
    got["brightness"].push_back(static_cast<double>(view.brightness));
    got["contrast"].push_back(static_cast<double>(view.contrast));
    got["saturation"].push_back(static_cast<double>(view.saturation));
    got["hue"].push_back(static_cast<double>(view.hue));
    ++orders[view.order];
  }
  for (const auto& [name, cdf] : file.at("cdf").items()) expect_law(got.at(name), cdf, file.at("draws"), name);
  ASSERT_EQ(orders.size(), 24u);
  double chi_square = 0;
  for (const auto& [order, count] : orders) chi_square += std::pow(count - kDraws / 24.0, 2) / (kDraws / 24.0);
  EXPECT_LE(chi_square, 73);
}

INSTANTIATE_TEST_SUITE_P(DrawViewTest, JitterLaw,
                         testing::Values("dist__jitter_0.4_0.4_0.4_0.1.json", "dist__jitter_0.8_0.8_0.8_0.2.json"));

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

TEST(ViewRecipesTest, BoundsInTheWrongOrderAreRefused) {
  EXPECT_THROW(recipes({{"area_low", 0.9}, {"area_high", 0.5}}), UserError);
  EXPECT_THROW(recipes({{"local_area_low", 0.9}, {"local_area_high", 0.5}}), UserError);
}

TEST(ViewRecipesTest, EveryOptionIsRead) {
  const Settings settings("views", view_options(), json::object());
  view_recipes_from(settings, {});
  normalisation_from(settings, {});
  EXPECT_TRUE(settings.unread().empty());
}

}  // namespace
}  // namespace sslbench
