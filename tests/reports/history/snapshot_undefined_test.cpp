// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "reports/history/snapshot.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

Snapshot snapshot_with(const Measurement& m) {
  Record record = TrackedResults{}.record("byol", 0, 0);
  record.stages[1].measurements.push_back(m);
  return snapshot_of("tracked", {record}, {{"byol", 0, "ok"}});
}

TEST(SnapshotTest, WhatIsUndefinedByNatureIsNoCellAndNoFailure) {
  const Measurement rare = undefined_measurement("byol", 0, "linear_probe", "ap50/rare");
  const Snapshot got = snapshot_with(rare);
  for (const SnapshotCell& cell : got.cells) EXPECT_NE(cell.metric, "ap50/rare");
  EXPECT_EQ(got.runs[0].status, "ok");
  EXPECT_EQ(got.cells.size(), 2u) << "throughput and top1 stay";
}

TEST(SnapshotTest, ANanWithoutAReasonIsAFailedRun) {
  const Snapshot got = snapshot_with(sample_measurement("byol", 0, "linear_probe", "ap", std::nan("")));
  EXPECT_EQ(got.runs[0].status, "failed(non_finite)");
}

TEST(SnapshotTest, MinusOneInAnOlderHistoryIsNoValue) {
  nlohmann::json history =
      snapshot_to_json(snapshot_with(sample_measurement("byol", 0, "linear_probe", "ap50/rare", 0.5)));
  const size_t before = history.at("cells").size();
  for (nlohmann::json& cell : history.at("cells")) {
    if (cell.at("metric") == "ap50/rare") cell["by_seed"]["0"] = -1.0;
  }
  const Snapshot got = snapshot_from_json(history, "old.json");
  EXPECT_EQ(got.cells.size(), before - 1);
  for (const SnapshotCell& cell : got.cells) EXPECT_NE(cell.metric, "ap50/rare");
}

// Costs of random_init, whose pretraining sees no image; of rows that train they stay.
TEST(SnapshotTest, WhatARowTookThatTrainsNothingIsNoCellWhateverHistorySays) {
  Measurement idle = sample_measurement("byol", 0, "pretrain", "wall_time", 0.7);
  idle.n = 0;
  Record record = TrackedResults{}.record("byol", 0, 0);
  const size_t before = snapshot_of("tracked", {record}, {{"byol", 0, "ok"}}).cells.size();
  record.stages[0].measurements.push_back(idle);
  EXPECT_EQ(snapshot_of("tracked", {record}, {{"byol", 0, "ok"}}).cells.size(), before);
  nlohmann::json history = snapshot_to_json(snapshot_of("tracked", {record}, {{"byol", 0, "ok"}}));
  for (nlohmann::json& cell : history.at("cells")) {
    if (cell.at("protocol") == "pretrain") cell["n"] = 0;
  }
  EXPECT_LT(snapshot_from_json(history, "old.json").cells.size(), before);
}

}  // namespace
}  // namespace sslbench
