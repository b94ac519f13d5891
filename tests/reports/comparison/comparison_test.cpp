// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reports/comparison/cell_text.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

void plan(ComparisonInput& input, Record record) {
  input.planned.push_back({record.row, record.seed, record.run});
  input.records.push_back(std::move(record));
}

Record with_role(Record record, const std::string& role) {
  record.facts["role"] = role;
  return record;
}

// Floor 20 %, simclr 50 %, ceiling 80 %; replicates of all rows move together, +-2 points around the value.
ComparisonInput three_rows() {
  ComparisonInput input;
  input.suite = "quickstart";
  input.protocols = {"linear_probe", "detection"};
  plan(input, with_role(sample_record("random_init", 0, 0.2), "floor"));
  plan(input, sample_record("simclr", 0, 0.5));
  plan(input, with_role(sample_record("supervised", 0, 0.8), "ceiling"));
  return input;
}

Cell cell(const Comparison& c, size_t row, const std::string& metric) {
  for (size_t i = 0; i < c.columns.size(); ++i) {
    if (c.columns[i].metric == metric) return c.rows[row].cells[i];
  }
  throw std::out_of_range(metric);
}

TEST(ComparisonTest, RowsKeepTheOrderOfTheSuiteAndColumnsThatOfTheProtocols) {
  ComparisonInput input = three_rows();
  std::reverse(input.records.begin(), input.records.end());
  input.protocols = {"detection", "linear_probe"};
  const Comparison got = compare(std::move(input));
  ASSERT_EQ(got.rows.size(), 3u);
  EXPECT_EQ(got.rows[0].name, "random_init");
  EXPECT_EQ(got.rows[2].name, "supervised");
  ASSERT_EQ(got.columns.size(), 2u) << "neither costs nor constant answers are columns";
  EXPECT_EQ(got.columns[0].metric, "ap");
  EXPECT_EQ(got.columns[1].metric, "top1");
}

TEST(ComparisonTest, OneSeedHasAnIntervalOverTestImages) {
  const Comparison got = compare(three_rows());
  const Cell& top1 = cell(got, 1, "top1");
  EXPECT_EQ(top1.values.size(), 1u);
  EXPECT_NEAR(top1.interval.low, 0.5 - 0.0190, 3e-4);
  EXPECT_NEAR(top1.interval.high, 0.5 + 0.0188, 3e-4);
  EXPECT_TRUE(std::isnan(top1.deviation));
}

TEST(ComparisonTest, AnIntervalOfAShareEndsAtNoneAndAll) {
  ComparisonInput input;
  input.protocols = {"linear_probe"};
  plan(input, sample_record("low", 0, 0.005));
  plan(input, sample_record("high", 0, 0.995));
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell(got, 0, "top1").interval.low, 0);
  EXPECT_EQ(cell(got, 1, "top1").interval.high, 1);
}

TEST(ComparisonTest, SeveralSeedsHaveMeanIntervalAndCount) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2})
    plan(input, sample_record("simclr", seed, 0.5 + 0.1 * static_cast<double>(seed)));
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 0, "top1")), "60.0 ± 24.9 (n = 3)") << "24.8 over seeds alone";
}

TEST(ComparisonTest, DifferencesArePairedByReplicate) {
  const Comparison got = compare(three_rows());
  const Difference d = difference(got, *got.primary, 1, 0);
  EXPECT_NEAR(d.value, 0.3, 1e-12);
  // Both rows have the same replicates but for a shift, so the paired difference does not vary at all.
  EXPECT_NEAR(d.interval.low, 0.3, 1e-12);
  EXPECT_NEAR(d.interval.high, 0.3, 1e-12);
  EXPECT_EQ(difference_text(Column(), d), "+30.0 points [+30.0, +30.0] (over 2,048 test images, 1 seed)");
}

TEST(ComparisonTest, SeveralSeedsArePairedBySeed) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2}) {
    const double shared = 0.05 * static_cast<double>(seed);
    plan(input, with_role(sample_record("random_init", seed, 0.2 + shared), "floor"));
    plan(input, sample_record("simclr", seed, 0.5 + shared + (seed == 2 ? 0.01 : 0.0)));
  }
  const Comparison got = compare(std::move(input));
  const Difference d = difference(got, *got.primary, 1, 0);
  EXPECT_EQ(d.seeds, 3u);
  EXPECT_NEAR(d.value, 0.3 + 0.01 / 3, 1e-12);
  EXPECT_GT(d.interval.low, 0.28) << "what the seeds share must cancel";
}

// Two sets of fixed weights: every seed measures the same, and no seed makes the test images more.
TEST(ComparisonTest, MoreSeedsOfFixedWeightsDecideNoMore) {
  const auto lead_of = [](int64_t seeds) {
    ComparisonInput input;
    for (int64_t seed = 0; seed < seeds; ++seed) {
      for (const auto& [row, top1] : {std::pair{"a", 0.531}, {"b", 0.5}}) {
        Record record = sample_record(row, seed, top1);
        record.run = row + std::to_string(seed);
        auto& replicates = record.stages[1].replicates["top1"].own();
        if (row[0] == 'b') std::reverse(replicates.begin(), replicates.end());
        plan(input, record);
      }
    }
    const Comparison got = compare(std::move(input));
    EXPECT_FALSE(cell(got, 0, "top1").best) << seeds << " seeds";
    EXPECT_NE(got.answer.find("no best row can be named"), std::string::npos) << got.answer;
    return difference(got, *got.primary, 0, 1);
  };
  const Difference one = lead_of(1), three = lead_of(3);
  EXPECT_NEAR(one.value, 0.031, 1e-12);
  EXPECT_LT(one.interval.low, 0);
  EXPECT_LT(three.interval.low, 0);
  EXPECT_NEAR(three.value, 0.031, 1e-12);
  EXPECT_EQ(difference_text(Column(), three).substr(difference_text(Column(), three).find('(')),
            "(over 3 seeds, paired, and 2,048 test images)");
}

TEST(ComparisonTest, WithoutReplicatesALeadOverSeedsIsNotFirm) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2}) {
    for (const auto& [row, top1] : {std::pair{"a", 0.6}, {"b", 0.5}}) {
      Record record = sample_record(row, seed, top1 + 0.001 * static_cast<double>(seed));
      record.run = row + std::to_string(seed);
      record.stages[1].replicates.clear();
      plan(input, record);
    }
  }
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 0, "top1")), "60.1 ± 0.2 (n = 3)†");
  EXPECT_FALSE(cell(got, 0, "top1").best);
  EXPECT_NE(got.answer.find("other test images may say otherwise"), std::string::npos) << got.answer;
}

TEST(ComparisonTest, AnIntervalOverSeedsEndsAtNoneAndAll) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2}) {
    for (const auto& [row, top1] : {std::pair{"high", 0.99}, {"all", 1.0}}) {
      Record record = sample_record(row, seed, top1 + (top1 < 1 ? 0.004 * static_cast<double>(seed) : 0.0));
      record.run = row + std::to_string(seed);
      if (top1 == 1) record.stages[1].replicates["top1"].own().assign(200, 1.0);
      plan(input, record);
    }
  }
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell(got, 0, "top1").interval.high, 1);
  EXPECT_LT(cell(got, 1, "top1").interval.low, 1) << "2,048 hits of 2,048 leave room for 0.2 %";
  EXPECT_EQ(cell_text(Column(), cell(got, 1, "top1")), "100.0 [99.8, 100.0] (n = 3)");
}

TEST(ComparisonTest, BestIsNamedOnlyWhenItsLeadExcludesZero) {
  const Comparison clear = compare(three_rows());
  EXPECT_TRUE(cell(clear, 1, "top1").best);
  EXPECT_FALSE(cell(clear, 2, "top1").best) << "the ceiling does not compete";
  ComparisonInput close = three_rows();
  auto& replicates = close.records[0].stages[1].replicates["top1"].own();
  std::reverse(replicates.begin(), replicates.end());
  for (double& value : replicates) value = 0.499 + 2 * (value - 0.2);
  close.records[0].stages[1].measurements[0].value = 0.499;
  const Comparison unclear = compare(std::move(close));
  EXPECT_FALSE(cell(unclear, 1, "top1").best);
  EXPECT_NE(unclear.answer.find("no best row can be named"), std::string::npos) << unclear.answer;
}

TEST(ComparisonTest, TheAnswerNamesWinnerFloorAndCeiling) {
  const std::string answer = compare(three_rows()).answer;
  EXPECT_NE(answer.find("simclr is the best row below the ceiling: 50.0 %"), std::string::npos) << answer;
  EXPECT_NE(answer.find("+30.0 points [+30.0, +30.0] (over 2,048 test images, 1 seed) over random_init"),
            std::string::npos)
      << answer;
  EXPECT_NE(answer.find("supervised reaches 80.0 %"), std::string::npos) << answer;
}

TEST(ComparisonTest, AnotherVersionOrDataSetIsAnotherColumn) {
  ComparisonInput input = three_rows();
  input.records[1].stages[1].measurements[0].version = 2;
  input.records[2].stages[1].measurements[0].dataset = "cifar10";
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(std::count_if(got.columns.begin(), got.columns.end(), [](const Column& c) { return c.metric == "top1"; }),
            3);
  for (const Column& column : got.columns) EXPECT_EQ(column.ambiguous, column.metric == "top1");
  for (const Difference& d : got.over_floor)
    EXPECT_NE(got.columns[d.column].metric, "top1") << "compared across versions";
  EXPECT_EQ(column_title(got.columns[0]), "linear_probe.top1 (shapes, v1)");
}

TEST(ComparisonTest, AFailedRunShowsItsStatusWhereItHasNoNumber) {
  ComparisonInput input = three_rows();
  Record& failed = input.records[1];
  failed.status = "failed(oom)";
  failed.failure = "detection, step 3: out of memory";
  failed.stages.resize(2);
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 1, "ap")), "failed(oom)");
  EXPECT_EQ(cell(got, 1, "top1").value, 0.5) << "what was finished before stays";
  ASSERT_EQ(got.failures.size(), 1u);
  EXPECT_EQ(got.failures[0].message, "detection, step 3: out of memory");
  EXPECT_FALSE(got.failures[0].advice.empty());
}

TEST(ComparisonTest, APlannedRunWithoutRecordIsNotRun) {
  ComparisonInput input = three_rows();
  input.planned.push_back({"byol", 0, "byol-s0-0123456789ab"});
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 3, "top1")), "not run");
  EXPECT_EQ(got.not_run, std::vector<std::string>{"byol-s0-0123456789ab"});
}

// Fault matrix: 35
TEST(ComparisonTest, ACollapsedRowIsMarkedAndNotRanked) {
  ComparisonInput input = three_rows();
  input.records[1].status = "collapsed";
  const Comparison got = compare(std::move(input));
  EXPECT_FALSE(cell(got, 1, "top1").best);
  EXPECT_EQ(got.rows[1].marks, std::vector<std::string>{"collapsed"});
  for (const Difference& step : got.steps) EXPECT_TRUE(step.row != 1 && step.over != 1);
}

TEST(ComparisonTest, CircumstancesAreMarked) {
  ComparisonInput input = three_rows();
  input.records[1].facts["uses_labels"] = true;
  input.records[1].environment["build_type"] = "Debug";
  input.records[1].environment["dirty"] = true;
  input.records[1].environment["revision"] = "0123456789abcdef";
  const Comparison got = compare(std::move(input));
  EXPECT_TRUE(got.mixed_revisions);
  EXPECT_EQ(got.rows[1].marks,
            (std::vector<std::string>{"labels seen", "debug build", "dirty tree", "revision 0123456789"}));
}

// The stage that a dead worker leaves: no cost was measured.
Record failed_in_pretraining(int64_t seed) {
  Record record = sample_record("simclr", seed);
  record.status = "failed(oom)";
  StageRecord stage;
  stage.name = stage.plugin = "pretrain";
  stage.status = record.status;
  record.stages = {stage};
  return record;
}

TEST(ComparisonTest, StagesThatFailedCostNothing) {
  ComparisonInput input;
  plan(input, sample_record("simclr", 0));
  plan(input, failed_in_pretraining(1));
  const Cost cost = compare(std::move(input)).rows[0].cost;
  EXPECT_EQ(cost.wall_seconds, 44.5) << "of the seed that finished, not its mean with 0 s";
  EXPECT_EQ(cost.images, 65536);
  ComparisonInput failed;
  for (const int64_t seed : {0, 1}) plan(failed, failed_in_pretraining(seed));
  const Cost none = compare(std::move(failed)).rows[0].cost;
  EXPECT_TRUE(std::isnan(none.wall_seconds));
  EXPECT_TRUE(std::isnan(none.images));
}

TEST(ComparisonTest, AStageOfAnotherBuildMixesRevisions) {
  EXPECT_FALSE(compare(three_rows()).mixed_revisions);
  ComparisonInput input = three_rows();
  for (Record& record : input.records) {
    for (StageRecord& stage : record.stages) stage.revision = "abc";
  }
  EXPECT_FALSE(compare(input).mixed_revisions);
  input.records[1].stages[0].revision = "feedbeef-dirty";
  const Comparison got = compare(input);
  EXPECT_TRUE(got.mixed_revisions);
  EXPECT_EQ(got.rows[0].marks, (std::vector<std::string>{"floor", "revision abc"}));
  EXPECT_EQ(got.rows[1].marks, (std::vector<std::string>{"dirty tree", "revision feedbeef", "revision abc"}));
  input.records[1].stages[0].status = "failed(oom)";
  EXPECT_FALSE(compare(std::move(input)).mixed_revisions) << "no number of it is shown";
}

// Fault matrix: 59
TEST(ComparisonTest, NotANumberIsAWordAndLeavesTheRanking) {
  ComparisonInput input = three_rows();
  input.records[1].stages[1].measurements[0].value = std::nan("");
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 1, "top1")), "not a number");
  for (const Difference& step : got.steps) EXPECT_TRUE(step.row != 1 && step.over != 1);
}

TEST(ComparisonTest, FactsOfAnotherTypeCountAsAbsent) {
  ComparisonInput input = three_rows();
  input.records[1].facts = {{"role", 7}, {"budget", nlohmann::json::array()}, {"notes", "text"}};
  input.records[2].facts = nlohmann::json::array();
  input.records[2].environment = "none";
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(got.rows[1].role, "");
  EXPECT_TRUE(got.notes.empty());
}

// Fault matrix: 59
TEST(ComparisonTest, NothingMeasuredIsSaid) {
  ComparisonInput input;
  input.planned = {{"simclr", 0, "simclr-s0-0123456789ab"}};
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(got.answer, "Nothing has been measured yet.");
  EXPECT_EQ(got.rows.size(), 1u);
}

void add_undefined(Record& record) {
  record.stages[2].measurements.push_back(undefined_measurement(record.row, record.seed, "detection", "ap50/rare"));
}

TEST(ComparisonTest, WhatIsUndefinedByNatureIsAWordWithItsReason) {
  ComparisonInput input = three_rows();
  for (Record& record : input.records) add_undefined(record);
  const Comparison got = compare(std::move(input));
  EXPECT_EQ(cell_text(Column(), cell(got, 1, "ap50/rare")), "undefined");
  EXPECT_EQ(cell(got, 1, "ap50/rare").reason, "no box of this class in the test images");
  EXPECT_TRUE(std::isnan(cell(got, 1, "ap50/rare").value));
  EXPECT_EQ(got.notes,
            std::vector<std::string>{"detection.ap50/rare: undefined (no box of this class in the test images)"});
  for (const Difference& d : got.over_floor) EXPECT_NE(got.columns[d.column].metric, "ap50/rare");
}

TEST(ComparisonTest, ASeedWithoutAValueIsLeftOutOfTheMean) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2}) plan(input, sample_record("simclr", seed, 0.5));
  input.records[1].stages[2].measurements[0] = undefined_measurement("simclr", 1, "detection", "ap");
  const Comparison got = compare(std::move(input));
  const Cell& ap = cell(got, 0, "ap");
  EXPECT_EQ(ap.value, 0.25);
  EXPECT_EQ(ap.values.size(), 2u);
}

TEST(ComparisonTest, ResamplesWithoutAValueAreSaid) {
  ComparisonInput input = three_rows();
  input.records[1].stages[2].replicates["ap"].own()[3] = std::nan("");
  auto& none = input.records[2].stages[2].replicates["ap"].own();
  std::fill(none.begin(), none.begin() + 20, std::nan(""));
  const Comparison got = compare(std::move(input));
  EXPECT_NEAR(cell(got, 1, "ap").interval.low, 0.25 - 0.0475, 1e-3) << "not 0";
  EXPECT_TRUE(std::isnan(cell(got, 2, "ap").interval.low));
  EXPECT_EQ(cell_text(Column(), cell(got, 2, "ap")), "40.0");
  ASSERT_EQ(got.notes.size(), 2u);
  EXPECT_EQ(got.notes[0],
            "simclr: detection.ap: 1 of 200 resamples of the test images have no value (nothing to find was drawn) and "
            "are left out of the interval");
  EXPECT_NE(got.notes[1].find("supervised: detection.ap: 20 of 200"), std::string::npos) << got.notes[1];
  EXPECT_NE(got.notes[1].find("too many for an interval"), std::string::npos) << got.notes[1];
}

TEST(ComparisonTest, AProbesRateChosenOnLabelsOfPretrainingIsSaid) {
  ComparisonInput input = three_rows();
  for (Record& record : input.records) {
    Measurement rate = sample_measurement(record.row, 0, "linear_probe", "learning_rate", 0.1);
    rate.split = "val";
    rate.direction = "none";
    record.stages[1].measurements.push_back(rate);
    record.facts["pretraining_set"] = "shapes";
    record.facts["uses_labels"] = record.row == "supervised";
  }
  EXPECT_EQ(compare(input).notes,
            std::vector<std::string>{"supervised: linear_probe: the learning rate was chosen on held-out images whose "
                                     "labels the row had been pretrained with"});
  input.records[2].facts["pretraining_set"] = "cifar10";
  EXPECT_TRUE(compare(input).notes.empty());
}

}  // namespace
}  // namespace sslbench
