// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/segmentation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;
using Labels = std::vector<uint8_t>;

void expect_number(double got, const json& expected, double atol, const std::string& what) {
  if (expected.is_null()) {
    EXPECT_TRUE(std::isnan(got)) << what;
  } else {
    EXPECT_NEAR(got, expected.get<double>(), atol) << what;
  }
}

void expect_numbers(const std::vector<double>& got, const json& expected, double atol, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (size_t i = 0; i < got.size(); ++i)
    expect_number(got[i], expected[i], atol, what + "[" + std::to_string(i) + "]");
}

struct Case {
  explicit Case(const std::string& name)
      : content(json::parse(read_file(SSLBENCH_SOURCE_DIR "/tests/golden/metrics/" + name))),
        classes(content.at("settings").at("classes")),
        images(content.at("input").at("shape").at(0)),
        height(content.at("input").at("shape").at(1)),
        width(content.at("input").at("shape").at(2)),
        truth(content.at("input").at("label").get<Labels>()),
        prediction(content.at("input").at("prediction").get<Labels>()) {}
  json content;
  int classes, images, height, width;
  Labels truth, prediction;
};

class MiouGolden : public testing::TestWithParam<const char*> {};

TEST_P(MiouGolden, ScoresEqualTheReference) {
  const Case golden(GetParam());
  const json& expected = golden.content.at("expected");
  ConfusionMatrix confusion(golden.classes);
  confusion.add(golden.truth, golden.prediction);
  for (int t = 0; t < golden.classes; ++t) {
    for (int p = 0; p < golden.classes; ++p) EXPECT_EQ(confusion.at(t, p), expected.at("confusion").at(t).at(p));
  }
  const SegmentationScores scores = segmentation_scores(confusion);
  const double atol = golden.content.at("atol");
  expect_numbers(scores.iou, expected.at("iou"), atol, "iou");
  expect_numbers(scores.accuracy_per_class, expected.at("accuracy_per_class"), atol, "accuracy_per_class");
  expect_number(scores.pixel_accuracy, expected.at("pixel_accuracy"), atol, "pixel_accuracy");
  expect_number(scores.miou, expected.at("miou"), atol, "miou");
  expect_number(scores.miou_present_only, expected.at("miou_present_only"), atol, "miou_present_only");
  expect_number(scores.mean_accuracy, expected.at("mean_accuracy"), atol, "mean_accuracy");
  expect_number(scores.fwiou, expected.at("fwiou"), atol, "fwiou");
  EXPECT_EQ(json(scores.absent_classes), expected.at("absent_classes"));
}

TEST_P(MiouGolden, BoundaryIouEqualsTheReference) {
  const Case golden(GetParam());
  const json& expected = golden.content.at("expected");
  BoundaryIou boundary(golden.classes);
  const size_t pixels = static_cast<size_t>(golden.height * golden.width);
  for (size_t i = 0; i < static_cast<size_t>(golden.images); ++i) {
    boundary.add(golden.height, golden.width, std::span(golden.truth).subspan(i * pixels, pixels),
                 std::span(golden.prediction).subspan(i * pixels, pixels));
  }
  const double atol = golden.content.at("atol");
  EXPECT_EQ(BoundaryIou::radius(golden.height, golden.width), expected.at("boundary_radius"));
  expect_numbers(boundary.iou(), expected.at("boundary_iou"), atol, "boundary_iou");
  expect_number(boundary.mean(), expected.at("mean_boundary_iou"), atol, "mean_boundary_iou");
}

INSTANTIATE_TEST_SUITE_P(SegmentationTest, MiouGolden,
                         testing::Values("miou__plain.json", "miou__absent_predicted.json", "miou__absent_both.json",
                                         "miou__all_ignored.json"));

TEST(SegmentationTest, APredictionOutsideTheClassesIsAnErrorThatNamesIt) {
  ConfusionMatrix confusion(3);
  try {
    confusion.add(Labels{0, 1}, Labels{0, 3});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("class 3"), std::string::npos) << error.what();
  }
}

TEST(SegmentationTest, APredictionUnderAnIgnoredPixelDoesNotCount) {
  ConfusionMatrix confusion(2);
  confusion.add(Labels{255, 1}, Labels{200, 1});
  EXPECT_EQ(confusion.at(1, 1), 1);
  EXPECT_DOUBLE_EQ(segmentation_scores(confusion).pixel_accuracy, 1.0);
}

TEST(SegmentationTest, AWideBoundaryEqualsErosionByHand) {
  // 100 x 150 pixels: d = round(0.02 * 180.3) = 4. One square of 20 x 20 moved by two pixels.
  const int height = 100, width = 150;
  Labels truth(static_cast<size_t>(height * width), 0), found(truth);
  for (int y = 30; y < 50; ++y) {
    for (int x = 30; x < 50; ++x) {
      truth[static_cast<size_t>(y * width + x)] = 1;
      found[static_cast<size_t>(y * width + x + 2)] = 1;
    }
  }
  ASSERT_EQ(BoundaryIou::radius(height, width), 4);
  BoundaryIou boundary(2);
  boundary.add(height, width, truth, found);
  // The boundary of a square is the square less the one 4 pixels further in.
  const auto in = [](int x, int y, int x0, int low, int high) {
    return x >= x0 + low && x < x0 + high && y >= 30 + low && y < 30 + high;
  };
  int shared = 0, either = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool a = in(x, y, 30, 0, 20) && !in(x, y, 30, 4, 16), b = in(x, y, 32, 0, 20) && !in(x, y, 32, 4, 16);
      shared += a && b;
      either += a || b;
    }
  }
  EXPECT_DOUBLE_EQ(boundary.iou()[1], static_cast<double>(shared) / either);
}

TEST(SegmentationTest, ReplicatesOfEqualImagesAreTheScore) {
  ConfusionMatrix image(2);
  image.add(Labels{0, 0, 1, 1}, Labels{0, 1, 1, 1});
  const std::vector<ConfusionMatrix> images(5, image);
  const SegmentationReplicates replicates = bootstrap_segmentation(images, 10);
  ASSERT_EQ(replicates.miou.size(), 10u);
  for (const double miou : replicates.miou) EXPECT_NEAR(miou, segmentation_scores(image).miou, 1e-15);
  for (const double accuracy : replicates.pixel_accuracy) EXPECT_DOUBLE_EQ(accuracy, 0.75);
}

}  // namespace
}  // namespace sslbench
