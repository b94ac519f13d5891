// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/estimate.h"

#include <gtest/gtest.h>

#include "reports/record/record_store.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

class EstimateTest : public ::testing::Test {
 protected:
  void put(const RunSpec& run, double seconds, const std::string& machine) const {
    Record record;
    record.run = run.name();
    record.status = "ok";
    record.environment = {{"machine_class", machine}};
    record.effective = run_spec_to_json(run);
    record.stages = {small_stage("pretrain", "k", seconds), small_stage("knn", "k", 1)};
    write_record(record, run.record_file());
  }
  RunEstimate estimate(const RunSpec& run) const {
    return StageCosts(neighbouring_results(out_.path() / "a"), "here", Sameness()).estimate(run);
  }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path() / "a");
};

TEST_F(EstimateTest, OtherSeedsOfThisMachineCountAndNeighbouringFoldersToo) {
  EXPECT_FALSE(estimate(run_).whole());
  put(small_run("simclr", out_.path() / "a", 1), 10, "here");
  put(small_run("simclr", out_.path() / "b", 2), 20, "here");
  put(small_run("simclr", out_.path() / "a", 3), 1000, "elsewhere");
  const auto found = estimate(run_);
  ASSERT_TRUE(found.whole());
  EXPECT_DOUBLE_EQ(found.seconds(), 16) << "mean of 10 and 20, and one second of kNN";
  EXPECT_EQ(found.records, 2);
  EXPECT_EQ(found.process_bytes, 1 << 20);
  EXPECT_GT(found.disk_bytes, 0);
}

TEST_F(EstimateTest, AGpuBesideThisMachinesCpuIsOfThisMachine) {
  put(small_run("simclr", out_.path() / "a", 1), 10, "Some GPU; here");
  EXPECT_TRUE(estimate(run_).whole());
}

TEST_F(EstimateTest, OtherSettingsThreadsOrDeviceAreNotMeasured) {
  put(small_run("simclr", out_.path() / "a", 1), 10, "here");
  RunSpec other = run_;
  other.threads = 2;
  EXPECT_EQ(estimate(other).unknown.size(), 2u);
  other = run_;
  other.pretrain["epochs"] = 2;
  EXPECT_EQ(estimate(other).unknown, std::vector<std::string>{"pretrain"});
}

TEST_F(EstimateTest, StagesThatAreTakenOverCostNothing) {
  put(small_run("simclr", out_.path() / "a", 1), 10, "here");
  run_.reuse["pretrain"] = "somewhere";
  EXPECT_DOUBLE_EQ(estimate(run_).seconds(), 1);
}

TEST_F(EstimateTest, AProtocolCostsTheSameAfterAnyMethod) {
  put(small_run("simclr", out_.path() / "a", 1), 10, "here");
  RunSpec other = run_;
  other.method = "byol", other.row = "byol", other.method_settings = {{"momentum", 0.9}};
  const RunEstimate found = estimate(other);
  EXPECT_EQ(found.unknown, std::vector<std::string>{"pretrain"});
  EXPECT_DOUBLE_EQ(found.seconds(), 1);
}

TEST_F(EstimateTest, ACalibrationStandsInForWhatWasNeverMeasured) {
  put(small_run("simclr", out_.path() / "a", 1), 10, "here");
  RunSpec other = run_;
  other.pretrain["epochs"] = 2;
  StageCosts costs(neighbouring_results(out_.path() / "a"), "here", Sameness());
  costs.add(other, {.stages = {{"pretrain", {25.0, 5}}, {"knn", {7.0, 3 << 20}}}, .disk_bytes = 100, .batch = {4, 2}});
  const RunEstimate found = costs.estimate(other);
  EXPECT_TRUE(found.whole());
  EXPECT_DOUBLE_EQ(found.seconds(), 26) << "kNN was measured";
  EXPECT_EQ(found.records, 0);
  EXPECT_EQ(found.disk_bytes, 100);
  EXPECT_EQ(found.process_bytes, 1 << 20);
  EXPECT_EQ(found.other_bytes, 1 << 20);
  EXPECT_EQ(found.batch.bytes, 4);
}

}  // namespace
}  // namespace sslbench
