// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/over_tasks.h"

#include <gtest/gtest.h>

#include "reports/comparison/findings/rank_stability.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

// Rows with one number a task, by seed; the first row is the floor.
ComparisonInput input_of(const std::map<std::string, std::vector<std::vector<double>>>& scores) {
  ComparisonInput input;
  for (const auto& [row, runs] : scores) {
    for (size_t s = 0; s < runs.size(); ++s) {
      Record record = sample_record(row, static_cast<int64_t>(s), 0.5);
      record.run = row + "-" + std::to_string(s);
      const StageRecord like = record.stages[1];
      record.stages.resize(1);
      for (size_t t = 0; t < runs[s].size(); ++t) {
        StageRecord& stage = record.stages.emplace_back(like);
        stage.name = "task" + std::to_string(t);
        stage.replicates.clear();
        stage.measurements.resize(1);
        stage.measurements[0].protocol = stage.name;
        stage.measurements[0].value = runs[s][t];
      }
      record.facts["role"] = row == "a" ? "floor" : "";
      input.planned.push_back({row, record.seed, record.run});
      input.records.push_back(std::move(record));
    }
  }
  return input;
}

TEST(OverTasksTest, CountsEveryTaskAlike) {
  const Comparison comparison = compare(input_of({{"a", {{0.1, 0.2, 0.3, 0.4}}}, {"b", {{0.3, 0.1, 0.5, 0.9}}}}));
  const auto all = over_tasks(comparison);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->columns.size(), 4u);
  ASSERT_EQ(all->rows.size(), 2u);
  const RowOverTasks& best = all->rows[0];
  EXPECT_EQ(comparison.rows[best.row].name, "b");
  EXPECT_NEAR(best.iqm.estimate, 0.4, 1e-12) << "the middle two of .1, .3, .5, .9";
  EXPECT_NEAR(best.mean, 0.45, 1e-12);
  EXPECT_NEAR(best.place, 1.25, 1e-12);
  EXPECT_NEAR(best.over_floor, 0.75, 1e-12);
  EXPECT_EQ(best.profile, (std::vector<double>{0.75, 0.5, 0.25, 0.25}));
  EXPECT_TRUE(std::isnan(best.iqm.interval.low)) << "one seed says nothing of others";
  EXPECT_TRUE(std::isnan(all->rows[1].over_floor)) << "the floor over itself";
}

TEST(OverTasksTest, HasAnIntervalOverSeeds) {
  const auto all = over_tasks(compare(input_of(
      {{"a", {{0.1, 0.1, 0.1}, {0.1, 0.1, 0.1}}}, {"b", {{0.4, 0.5, 0.6}, {0.5, 0.6, 0.7}, {0.6, 0.7, 0.8}}}})));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rows[0].runs, 3u);
  EXPECT_LT(all->rows[0].iqm.interval.low, all->rows[0].iqm.estimate);
  EXPECT_GT(all->rows[0].iqm.interval.high, all->rows[0].iqm.estimate);
  EXPECT_EQ(all->rows[1].iqm.interval.low, all->rows[1].iqm.interval.high);
}

TEST(OverTasksTest, LeavesOutRunsThatLackATask) {
  const auto all = over_tasks(
      compare(input_of({{"a", {{0.1, 0.2, 0.3}}}, {"b", {{0.4, 0.5, 0.6}, {0.9, 0.9}}}, {"c", {{0.5, 0.5}}}})));
  ASSERT_TRUE(all);
  ASSERT_EQ(all->rows.size(), 2u);
  EXPECT_EQ(all->rows[0].runs, 1u);
}

TEST(OverTasksTest, SaysNothingOfTwoTasks) {
  EXPECT_FALSE(over_tasks(compare(input_of({{"a", {{0.1, 0.2}}}, {"b", {{0.3, 0.4}}}}))));
}

TEST(RankStabilityTest, FewerImagesKeepTheOrderLessOften) {
  ComparisonInput input;
  for (const auto& [row, top1] : {std::pair{"a", 0.50}, {"b", 0.51}, {"c", 0.9}}) {
    Record record = sample_record(row, 0, top1);
    record.run = row;
    if (row[0] == 'a') std::ranges::reverse(record.stages[1].replicates["top1"].own());
    input.planned.push_back({row, 0, row});
    input.records.push_back(std::move(record));
  }
  const Comparison comparison = compare(std::move(input));
  const auto stability = rank_stability(comparison, 0);
  ASSERT_TRUE(stability);
  EXPECT_GT(stability->same_order, stability->same_order_quarter);
  EXPECT_GT(stability->same_order_quarter, 0.4);
  EXPECT_LT(stability->same_order, 1);
}

}  // namespace
}  // namespace sslbench
