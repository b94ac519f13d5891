// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/cost_marks.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Record trained(const std::string& row, int64_t images, double cpu_seconds, double wall_seconds = 0) {
  Record record = sample_record(row);
  record.environment["threads"] = 2;
  record.environment["device"] = "cpu";
  StageRecord& pretrain = record.stages[0];
  pretrain.images = images;
  pretrain.cpu_seconds = cpu_seconds;
  pretrain.wall_seconds = wall_seconds > 0 ? wall_seconds : cpu_seconds / 2;
  return record;
}

std::vector<std::vector<std::string>> marks(std::vector<Record> records) {
  ComparisonInput input;
  input.protocols = {"linear_probe", "detection"};
  for (Record& record : records) {
    input.planned.push_back({record.row, record.seed, record.run});
    input.records.push_back(std::move(record));
  }
  std::vector<std::vector<std::string>> out;
  for (const Row& row : compare(std::move(input)).rows) out.push_back(row.marks);
  return out;
}

// What was measured decides, not whose settings were overridden.
TEST(CostMarksTest, RowsThatCostMoreAreMarkedWithHowMuchOfWhat) {
  std::vector<Record> records = {trained("supervised", 1000, 1.3), trained("moco_v2", 1000, 3.4),
                                 trained("long", 3000, 1.4)};
  records[0].facts["equal_cost"] = false;
  EXPECT_THAT(marks(records), ElementsAre(IsEmpty(), ElementsAre("not equal cost: 2.6x CPU time"),
                                          ElementsAre("not equal cost: 3.0x images")));
}

TEST(CostMarksTest, RowsThatTrainNothingNeitherCountNorAreMarked) {
  EXPECT_THAT(marks({trained("random_init", 0, 0.01), trained("simclr", 1000, 5)}), ElementsAre(IsEmpty(), IsEmpty()));
}

TEST(CostMarksTest, TimeThatAMachineGaveToOthersIsMarked) {
  EXPECT_THAT(marks({trained("simclr", 1000, 3.3, 5)}),
              ElementsAre(ElementsAre("busy machine or idle threads (CPU 33 % of them)")));
  Record on_gpu = trained("simclr", 1000, 3.3, 5);
  on_gpu.environment["device"] = "cuda:0";
  EXPECT_THAT(marks({on_gpu}), ElementsAre(IsEmpty())) << "the host of a GPU waits";
}

TEST(CostMarksTest, WhatWeightsFromElsewhereCostIsNotKnown) {
  Record theirs = trained("theirs", 0, 0.2);
  theirs.facts["pretrained_elsewhere"] = true;
  ComparisonInput input;
  input.protocols = {"linear_probe"};
  input.planned = {{"theirs", 0, theirs.run}};
  input.records = {theirs};
  const Comparison comparison = compare(std::move(input));
  EXPECT_THAT(comparison.rows[0].marks, ElementsAre("pretrained elsewhere"));
  EXPECT_TRUE(std::isnan(comparison.rows[0].cost.cpu_seconds));
}

}  // namespace
}  // namespace sslbench
