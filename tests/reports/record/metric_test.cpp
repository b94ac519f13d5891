// SPDX-License-Identifier: Apache-2.0
#include "reports/record/metric.h"

#include <gmock/gmock.h>

#include "reports/record/declared_metrics.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;

Metric rank_metric() {
  return {.name = "rank",
          .unit = "nats",
          .better = Better::none,
          .kind = MetricKind::quantity,
          .definition = "how many directions there are",
          .constant_answer = "one direction",
          .constant_value = 1.5,
          .undefined_when = "no feature",
          .headline = false};
}

TEST(MetricTest, EveryPartComesBackFromJson) {
  const std::vector<Metric> back = metrics_from_json(metrics_to_json({rank_metric(), {.name = "top1"}}));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].unit, "nats");
  EXPECT_EQ(back[0].better, Better::none);
  EXPECT_EQ(back[0].kind, MetricKind::quantity);
  EXPECT_EQ(back[0].definition, "how many directions there are");
  EXPECT_EQ(back[0].constant_answer, "one direction");
  EXPECT_EQ(back[0].constant_value, 1.5);
  EXPECT_EQ(back[0].undefined_when, "no feature");
  EXPECT_FALSE(back[0].headline);
  EXPECT_TRUE(std::isnan(back[1].constant_value));
  EXPECT_TRUE(back[1].headline);
}

TEST(MetricTest, WhatAFileSaysInAStrangeShapeIsLeftOut) {
  for (const json& strange :
       {json("metrics"), json{1, nullptr}, json{{{"name", "x"}, {"kind", "other"}, {"better", "higher"}}},
        json{{{"name", ""}, {"kind", "share"}, {"better", "higher"}}}, json{{{"name", 7}, {"kind", "share"}}}}) {
    EXPECT_THAT(metrics_from_json(strange), IsEmpty()) << strange;
  }
}

TEST(MetricTest, AFamilyStandsForItsClassesUnlessOneIsDeclared) {
  const std::vector<Metric> declared{{.name = "ap50"}, {.name = "iou/"}, {.name = "ap50/without_leaks"}};
  EXPECT_EQ(find_metric(declared, "ap50/without_leaks"), &declared[2]);
  EXPECT_EQ(find_metric(declared, "ap50/star"), &declared[0]);
  EXPECT_EQ(find_metric(declared, "iou/star"), &declared[1]);
  EXPECT_EQ(find_metric(declared, "iou"), nullptr) << "declared of classes alone";
  EXPECT_EQ(find_metric(declared, "ap"), nullptr);
}

StageRecord stage(const std::string& name, const std::vector<Metric>& metrics) {
  StageRecord out;
  out.name = name;
  out.metrics = metrics;
  return out;
}

TEST(DeclaredMetricsTest, ARecordSaysEachOnceAndEveryStageGetsItsOwn) {
  const json said = declarations_of({stage("a", {rank_metric(), {.name = "top1"}}), stage("b", {rank_metric()})});
  EXPECT_EQ(said.size(), 2u);
  std::vector<StageRecord> read{stage("a", {}), stage("b", {}), stage("c", {})};
  apply_declarations(said, read);
  EXPECT_EQ(read[0].metrics.size(), 2u);
  EXPECT_EQ(read[1].metrics.size(), 1u);
  EXPECT_THAT(read[2].metrics, IsEmpty());
}

TEST(DeclaredMetricsTest, ARecordThatDeclaresNothingIsReadByItsUnitsAsBefore) {
  const auto kind = [](const std::string& metric, const std::string& unit) {
    Measurement m;
    m.metric = metric;
    m.unit = unit;
    return StageRecord().kind_of(m);
  };
  EXPECT_EQ(kind("top1", "1"), MetricKind::share);
  EXPECT_EQ(kind("miou", "1"), MetricKind::score);
  EXPECT_EQ(kind("throughput", "images/s"), MetricKind::cost);
}

TEST(DeclaredMetricsTest, ThisBuildsDeclarationsFillInWhatAnOlderOneDidNotSay) {
  Record record;
  record.stages = {stage("probe", {}), stage("new", {rank_metric()})};
  record.stages[0].plugin = record.stages[1].plugin = "linear_probe";
  declare_where_missing({{"linear_probe", {{.name = "top1"}}}}, record);
  EXPECT_EQ(record.stages[0].metrics.at(0).name, "top1");
  EXPECT_EQ(record.stages[1].metrics.at(0).name, "rank") << "a record's own word counts";
}

}  // namespace
}  // namespace sslbench
