// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/coco_ap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/random.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/coco_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<fs::path> golden_cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(SSLBENCH_SOURCE_DIR "/tests/golden/metrics/coco_ap")) {
    cases.push_back(entry.path());
  }
  return cases;
}

CocoInput read_case(const fs::path& folder) {
  const json settings = json::parse(read_file(folder / "expected.json")).at("settings");
  const CocoKind kind = settings.at("iou_type") == "segm" ? CocoKind::masks : CocoKind::boxes;
  CocoInput input = read_coco(folder / "gt.json", folder / "dt.json", kind);
  input.max_dets = settings.at("max_dets");
  return input;
}

class CocoGolden : public testing::TestWithParam<fs::path> {};

TEST_P(CocoGolden, EveryNumberEqualsPycocotools) {
  const json expected = json::parse(read_file(GetParam() / "expected.json"));
  const json& stats = expected.at("stats");
  const double atol = expected.at("atol");
  const CocoScores got = coco_scores(read_case(GetParam()));
  const std::vector<std::pair<const char*, double>> numbers{
      {"AP", got.ap},         {"AP50", got.ap50},    {"AP75", got.ap75},     {"APs", got.ap_small},
      {"APm", got.ap_medium}, {"APl", got.ap_large}, {"AR1", got.ar[0]},     {"AR10", got.ar[1]},
      {"AR100", got.ar[2]},   {"ARs", got.ar_small}, {"ARm", got.ar_medium}, {"ARl", got.ar_large}};
  for (const auto& [name, value] : numbers) EXPECT_NEAR(value, stats.at(name).get<double>(), atol) << name;
  ASSERT_EQ(got.per_category.size(), expected.at("per_category").size());
  for (const CategoryAp& category : got.per_category) {
    const json& one = expected.at("per_category").at(std::to_string(category.category));
    EXPECT_NEAR(category.ap, one.at("AP").get<double>(), atol) << category.category;
    EXPECT_NEAR(category.ap50, one.at("AP50").get<double>(), atol) << category.category;
  }
}

INSTANTIATE_TEST_SUITE_P(CocoApTest, CocoGolden, testing::ValuesIn(golden_cases()), [](const auto& info) {
  std::string name = info.param.filename().string();
  for (char& c : name)
    if (c == '.') c = '_';
  return name;
});

// `images` images with up to four truths each and detections that miss, repeat and tie.
CocoInput random_input(uint32_t seed, int64_t images, int64_t categories, int detections) {
  CocoInput input;
  for (int64_t c = 1; c <= categories; ++c) input.categories.push_back(c);
  int64_t id = 0;
  for (int64_t image = 1; image <= images; ++image) {
    RandomStream random(seed, RandomUse::render, 0, static_cast<uint32_t>(image));
    input.images.push_back(image);
    const auto box = [&random] {
      return std::array<double, 4>{random.uniform(0, 80), random.uniform(0, 80), random.uniform(5, 60),
                                   random.uniform(5, 60)};
    };
    const uint32_t truths = random.below(4);
    for (uint32_t t = 0; t < truths; ++t) {
      const auto b = box();
      input.truths.push_back({image, ++id, 1 + random.below(static_cast<uint32_t>(categories)), b, b[2] * b[3], false});
    }
    for (int d = 0; d < detections; ++d) {
      auto b = box();
      int64_t category = 1 + random.below(static_cast<uint32_t>(categories));
      if (truths > 0 && random.below(2) == 0) {
        const CocoTruth& near = input.truths[input.truths.size() - 1 - random.below(truths)];
        b = near.box;
        b[0] += random.uniform(-4, 4);
        category = near.category;
      }
      input.detections.push_back({image, category, b, random.uniform()});
    }
  }
  return input;
}

// The images of replicate `replicate` written out as a data set of their own.
CocoInput written_out(const CocoInput& input, uint32_t replicate) {
  const auto counts = resample_counts(static_cast<int64_t>(input.images.size()), replicate);
  CocoInput out;
  out.categories = input.categories;
  int64_t image = 0, id = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    for (int32_t copy = 0; copy < counts[i]; ++copy) {
      out.images.push_back(++image);
      for (CocoTruth truth : input.truths) {
        if (truth.image != input.images[i]) continue;
        truth.image = image;
        truth.id = ++id;
        out.truths.push_back(truth);
      }
      for (CocoDetection detection : input.detections) {
        if (detection.image != input.images[i]) continue;
        detection.image = image;
        out.detections.push_back(detection);
      }
    }
  }
  return out;
}

TEST(CocoApTest, AReplicateEqualsTheScoreOfItsImagesWrittenOut) {
  const CocoInput input = random_input(3, 30, 3, 8);
  const ApReplicates replicates = bootstrap_ap(input, 12);
  ASSERT_EQ(replicates.ap.size(), 12u);
  for (uint32_t replicate = 0; replicate < 12; ++replicate) {
    const CocoScores expected = coco_scores(written_out(input, replicate));
    EXPECT_NEAR(replicates.ap[replicate], expected.ap, 1e-12);
    EXPECT_NEAR(replicates.ap50[replicate], expected.ap50, 1e-12);
    EXPECT_NEAR(replicates.ap75[replicate], expected.ap75, 1e-12);
  }
}

TEST(CocoApTest, RemovingAFalsePositiveNeverLowersAp) {
  CocoInput input = random_input(5, 20, 2, 6);
  input.detections.push_back({1, 1, {1000, 1000, 10, 10}, 2.0});
  const double with = coco_scores(input).ap;
  input.detections.pop_back();
  EXPECT_GE(coco_scores(input).ap, with);
}

TEST(CocoApTest, TheOrderOfImagesDoesNotMatterWithoutTies) {
  CocoInput input = random_input(7, 20, 2, 6);
  const double ap = coco_scores(input).ap;
  std::reverse(input.images.begin(), input.images.end());
  std::reverse(input.detections.begin(), input.detections.end());
  EXPECT_DOUBLE_EQ(coco_scores(input).ap, ap);
}

TEST(CocoApTest, AReplicateWithoutTruthsIsUndefined) {
  CocoInput input;
  input.images = {1};
  input.categories = {1};
  EXPECT_TRUE(std::isnan(bootstrap_ap(input, 1).ap.at(0)));
  EXPECT_EQ(coco_scores(input).ap, -1);
}

TEST(CocoApTest, ADetectionOnAnUnknownImageIsAnErrorThatNamesIt) {
  CocoInput input = random_input(9, 2, 1, 1);
  input.detections.push_back({77, 1, {0, 0, 1, 1}, 0.5});
  try {
    coco_scores(input);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("image 77"), std::string::npos) << error.what();
  }
}

TEST(CocoApTest, AScoreThatIsNotFiniteIsAnError) {
  CocoInput input = random_input(9, 2, 1, 1);
  input.detections.at(0).score = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(coco_scores(input), UserError);
}

}  // namespace
}  // namespace sslbench
