// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/box_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/tensors/aten.h"

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

}  // namespace
}  // namespace sslbench
