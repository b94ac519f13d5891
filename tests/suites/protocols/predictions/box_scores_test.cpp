// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/box_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>

#include "suites/tensors/aten.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {
namespace {

// Two pictures with a box each, of 4 x 7 pixels at different places.
class TwoBoxes final : public DataSource {
 public:
  int64_t size() const override { return 2; }
  Item item(int64_t i) const override {
    const auto left = static_cast<float>(3 * i);
    return {Image{16, 16, std::vector<uint8_t>(768)}, -1, {{left, 1, left + 4, 8, 0}}};
  }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  std::vector<std::string> classes_{"thing"};
};

CocoInput both_found(double height) {
  const ImageSet images(std::make_unique<TwoBoxes>());
  CocoInput input = coco_truth(all_of(images), 1);
  for (const CocoTruth& truth : input.truths) {
    input.detections.push_back({truth.image, 1, {truth.box[0], truth.box[1], truth.box[2], height}, 0.9});
  }
  return input;
}

TEST(BoxScoresTest, PerfectBoxesScoreOneByEveryRule) {
  const CocoInput input = both_found(7);
  EXPECT_NEAR(box_ap(input), 1, 1e-12);
  for (const VocArea area : {VocArea::under_curve, VocArea::eleven_point}) {
    EXPECT_NEAR(voc_scores(input, area).map, 1, 1e-12);
  }
}

TEST(BoxScoresTest, InclusivePixelsOverlapAsContinuousOnesDo) {
  // 16 of 28 pixels: 0.571, above 0.50 and 0.55 alone. Were widths counted one too large, it would be 25 of 40.
  const CocoInput input = both_found(4);
  EXPECT_NEAR(box_ap(input), 0.2, 1e-12);
  EXPECT_NEAR(voc_scores(input, VocArea::eleven_point).map, 0.2, 1e-12);
}

TEST(BoxScoresTest, TheRulesOfVocDiffer) {
  // Half of the truth found: recall stops at 0.5, six of the eleven recalls are reached.
  CocoInput input = both_found(7);
  input.detections.pop_back();
  EXPECT_NEAR(voc_scores(input, VocArea::under_curve).map50, 0.5, 1e-12);
  EXPECT_NEAR(voc_scores(input, VocArea::eleven_point).map50, 6.0 / 11, 1e-12);
}

TEST(BoxScoresTest, ADifficultBoxIsNeitherWantedNorWrong) {
  CocoInput input = both_found(7);
  input.truths[0].crowd = true;
  EXPECT_NEAR(voc_scores(input, VocArea::under_curve).map50, 1, 1e-12);
  input.detections.erase(input.detections.begin());
  EXPECT_NEAR(voc_scores(input, VocArea::under_curve).map50, 1, 1e-12);
}

TEST(BoxScoresTest, WithoutABoxToFindThereIsNoNumber) {
  CocoInput input = both_found(7);
  input.truths.clear();
  EXPECT_TRUE(std::isnan(box_ap(input)));
  EXPECT_TRUE(std::isnan(voc_scores(input, VocArea::under_curve).map50));
}

TEST(BoxScoresTest, TheConstantAnswerIsScoredByTheSameRules) {
  const ImageSet images(std::make_unique<TwoBoxes>());
  StageRecord record{.name = "detection", .plugin = "detection", .metrics = box_metrics()};
  record.class_names = {"thing"};
  add_box_scores(both_found(7), images, all_of(images), record);
  std::map<std::string, double> values;
  for (const Measurement& m : record.measurements) values[m.metric] = m.value;
  for (const char* metric : {"ap", "ap50", "ap75", "voc_ap50", "voc07_ap50", "voc07_ap", "ap50/thing"}) {
    EXPECT_NEAR(values.at(metric), 1, 1e-12) << metric;
  }
  // The mean box lies 1.5 pixels beside each: 2.5 of 5.5 columns.
  for (const char* metric : {"constant_ap50", "constant_voc_ap50"}) EXPECT_EQ(values.at(metric), 0) << metric;
}

// Boxes found beside those of rendered pictures, further the higher the picture's number.
class BoxesWithoutLeaksTest : public testing::Test {
 protected:
  CocoInput found_on(const ImagePart& images) const {
    CocoInput input = coco_truth(images, classes);
    for (const CocoTruth& truth : input.truths) {
      const double beside = 0.5 * static_cast<double>(images.numbers[static_cast<size_t>(truth.image)]);
      input.detections.push_back({truth.image,
                                  truth.category,
                                  {truth.box[0] + beside, truth.box[1], truth.box[2], truth.box[3]},
                                  1 / (1 + static_cast<double>(truth.id))});
    }
    return input;
  }

  std::map<std::string, Measurement> without(std::optional<LeakedImages> leaked) {
    UnusedBackbone backbone;
    FeatureCache features{[](const DatasetSpec&, Split) { return Features{}; }};
    Subject subject{backbone, {}, {}, data, features, {}};
    if (leaked) subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return *leaked; };
    StageRecord record{.name = "detection", .plugin = "detection", .metrics = box_metrics()};
    add_box_scores_without_leaks(found_on(all_of(images)), subject, shapes, record);
    std::map<std::string, Measurement> out;
    for (const Measurement& m : record.measurements) out[m.metric] = m;
    return out;
  }

  const DatasetSpec shapes{"shapes", {{"size", 32}, {"test_images", 8}, {"objects", "several"}}, ""};
  ImageSets data{""};
  const ImageSet& images = *data.split(shapes, Split::test).images;
  const size_t classes = images.classes().size();
};

TEST_F(BoxesWithoutLeaksTest, LeakedImagesCountAsIfTheyWereNotThere) {
  const CocoInput others = found_on({images, {1, 2, 4, 6, 7}});
  const auto found = without(LeakedImages{{{0, 0, 1}, {3, 0, 1}, {5, 0, 1}}});
  EXPECT_EQ(found.at("ap/without_leaks").value, box_ap(others));
  EXPECT_EQ(found.at("voc_ap50/without_leaks").value, voc_scores(others, VocArea::under_curve).map50);
  EXPECT_EQ(found.at("ap50/without_leaks").value, coco_scores(others).ap50);
  EXPECT_EQ(found.at("ap/without_leaks").n, 5);
  EXPECT_NE(box_ap(others), box_ap(found_on(all_of(images))));
}

TEST_F(BoxesWithoutLeaksTest, NobodyAskedGivesNothingAndAllLeakedNoNumber) {
  EXPECT_TRUE(without({}).empty());
  LeakedImages all;
  for (int64_t i = 0; i < 8; ++i) all.pairs.push_back({i, 0, 1});
  const auto found = without(all);
  EXPECT_EQ(found.size(), 6u);
  for (const auto& [metric, m] : found) EXPECT_EQ(m.reason, "all test images are near duplicates") << metric;
}

}  // namespace
}  // namespace sslbench
