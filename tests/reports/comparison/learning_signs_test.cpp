// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/learning_signs.h"

#include <gmock/gmock.h>

#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Measurement of_pretraining(const std::string& row, const std::string& metric, double value) {
  Measurement m = sample_measurement(row, 0, "pretrain", metric, value);
  m.split = "train";
  m.direction = "none";
  return m;
}

// A run of 16 epochs of 64 images in batches of 64, whose loss ended at `loss`; chance is 4.84.
Record pretrained(const std::string& row, double top1, double loss, const std::string& role = "") {
  Record record = sample_record(row, 0, top1);
  record.facts["role"] = role;
  record.effective["pretrain"] = {{"epochs", 16}, {"warmup_epochs", 1}, {"batch_size", 64}};
  StageRecord& stage = record.stages[0];
  stage.images = 16 * 64;
  stage.curves["loss"] = {{1, 2, 3}, {5, 4.9, loss}};
  stage.measurements.push_back(of_pretraining(row, "chance_loss", 4.84));
  stage.measurements.push_back(of_pretraining(row, "lowest_loss", 0));
  return record;
}

Comparison compared(const std::vector<Record>& records) {
  ComparisonInput input;
  input.protocols = {"linear_probe", "detection"};
  for (const Record& record : records) {
    input.planned.push_back({record.row, record.seed, record.run});
    input.records.push_back(record);
  }
  return compare(std::move(input));
}

Record floor_record(double top1 = 0.158) { return pretrained("random_init", top1, 0, "floor"); }

TEST(LearningSignsTest, ALossAtItsChanceValueIsMarkedAndSaid) {
  const Comparison got = compared({floor_record(), pretrained("simclr", 0.3, 4.57)});
  EXPECT_THAT(got.rows[1].marks, ElementsAre("loss at its chance value"));
  EXPECT_EQ(got.rows[1].signs.at(0).sentence, "the loss ended at 4.57, where 4.84 is chance");
  EXPECT_THAT(got.answer, HasSubstr("Loss at its chance value: simclr."));
}

TEST(LearningSignsTest, AHealthyRunHasNone) {
  const Comparison got = compared({floor_record(), pretrained("simclr", 0.48, 2.7)});
  EXPECT_THAT(got.rows[1].signs, IsEmpty());
  EXPECT_THAT(got.answer, HasSubstr("simclr is the best row"));
  EXPECT_THAT(learning_facts(got.records[1]), ElementsAre("the loss at 2.7, where 4.84 is chance"));
}

TEST(LearningSignsTest, ALossThatGoesTowardsAnotherValueIsHeldAgainstThat) {
  Record byol = pretrained("simsiam", 0.48, -0.2);
  byol.stages[0].measurements[1].value = 0;
  byol.stages[0].measurements[2].value = -1;
  EXPECT_THAT(compared({floor_record(), byol}).rows[1].signs, IsEmpty());
  byol.stages[0].curves["loss"].value.back() = -0.05;
  EXPECT_THAT(compared({floor_record(), byol}).rows[1].marks, ElementsAre("loss at its chance value"));
}

TEST(LearningSignsTest, ARowThatIsNotAboveTheFloorIsMarked) {
  const Comparison got = compared({floor_record(), pretrained("autoencoder", 0.14, 1), pretrained("simclr", 0.48, 2)});
  EXPECT_THAT(got.rows[1].marks, ElementsAre("not above the floor"));
  EXPECT_THAT(got.rows[0].marks, ElementsAre("floor"));
  EXPECT_THAT(got.answer, HasSubstr(" Not above the floor: autoencoder."));
  const Comparison low = compared({floor_record(0.5), pretrained("supervised", 0.4, 1, "ceiling")});
  EXPECT_THAT(low.rows[1].marks, ElementsAre("ceiling", "ceiling below the floor"));
}

TEST(LearningSignsTest, NoRowIsBestThatDoesNotBeatTheConstantAnswer) {
  // The constant answer scores 10 %, the interval of 11.7 % is [9.8, 13.6].
  const Comparison got = compared({floor_record(0.09), pretrained("simclr", 0.117, 2)});
  EXPECT_FALSE(got.rows[1].cells[*got.primary].best);
  EXPECT_THAT(got.rows[1].marks, ElementsAre("not above the constant answer"));
  EXPECT_THAT(got.answer,
              HasSubstr("no row is surely above the constant answer, which ignores the image and scores 10.0 %; the "
                        "highest, simclr, scores 11.7 [9.8, 13.6] %."));
  EXPECT_THAT(got.answer, Not(HasSubstr("best row")));
}

TEST(LearningSignsTest, ABudgetThatCannotTeachIsMarked) {
  Record record = pretrained("simclr", 0.48, 2);
  record.effective["pretrain"]["warmup_epochs"] = 40;
  record.effective["pretrain"]["batch_size"] = 512;
  EXPECT_THAT(compared({floor_record(), record}).rows[1].marks,
              ElementsAre("budget ends within the warm-up", "batch larger than the set"));
}

TEST(LearningSignsTest, FeaturesOfFewerDirectionsThanTheFloorsAreMarked) {
  Record floor = floor_record(), record = pretrained("simclr", 0.48, 2);
  const auto add = [](Record& to, double rank, double spread) {
    for (const auto& [metric, value] : {std::pair("effective_rank", rank), std::pair("feature_spread", spread)}) {
      Measurement m = of_pretraining(to.row, metric, value);
      m.protocol = m.stage = "linear_probe";
      to.stages[1].measurements.push_back(m);
    }
  };
  add(floor, 1.7, 0.4);
  add(record, 1.8, 0.4);
  EXPECT_THAT(compared({floor, record}).rows[1].signs, IsEmpty());
  record.stages[1].measurements.resize(2);
  add(record, 1.2, 0.004);
  EXPECT_THAT(compared({floor, record}).rows[1].marks,
              ElementsAre("features nearly constant", "features of few directions"));
}

}  // namespace
}  // namespace sslbench
