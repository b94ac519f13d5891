// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/rank_scaling.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

Record trained(const std::string& row, int64_t ranks, double images_per_second) {
  Record record = sample_record(row);
  record.environment["threads"] = 1;
  record.environment["machine_class"] = ranks == 1 ? "cpu x 8" : std::to_string(ranks) + " ranks; cpu x 8";
  if (ranks > 1) record.environment["ranks"] = ranks;
  record.stages[0].key = "the same";
  record.stages[0].images_per_second = images_per_second;
  if (ranks > 1) record.stages[0].add("collective_share", Split::train, 0.25, 100);
  return record;
}

std::vector<RankScaling> scaling(std::vector<Record> records) {
  ComparisonInput input;
  for (Record& record : records) {
    input.planned.push_back({record.row, record.seed, record.run});
    input.records.push_back(std::move(record));
  }
  return rank_scaling(compare(std::move(input)));
}

TEST(RankScalingTest, SaysNothingWhereEveryRunWasAlone) {
  EXPECT_TRUE(scaling({trained("simclr", 1, 100), trained("byol", 1, 80)}).empty());
}

TEST(RankScalingTest, HoldsTheSpeedOfARankAgainstTheFewestRanksOfTheSamePretraining) {
  const auto found = scaling({trained("alone", 1, 100), trained("shared", 4, 300)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_DOUBLE_EQ(found[0].efficiency, 1);
  EXPECT_EQ(found[1].ranks, 4);
  EXPECT_DOUBLE_EQ(found[1].images_per_second, 300);
  EXPECT_DOUBLE_EQ(found[1].efficiency, 0.75);
  EXPECT_DOUBLE_EQ(found[1].collective_share, 0.25);
  EXPECT_TRUE(std::isnan(found[0].collective_share)) << "alone there is nothing to exchange";
}

TEST(RankScalingTest, AnotherMachineOrPretrainingIsNoMeasure) {
  Record elsewhere = trained("alone", 1, 100);
  elsewhere.environment["machine_class"] = "cpu x 64";
  const auto found = scaling({elsewhere, trained("shared", 4, 300)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(std::isnan(found[1].efficiency));
}

}  // namespace
}  // namespace sslbench
