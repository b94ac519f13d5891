// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "methods/safetensors.h"
#include "reports/record/pretraining_names.h"
#include "reports/record/record_store.h"
#include "suites/ground/build_id.h"
#include "suites/handover/failure_file.h"
#include "suites/handover/work_files.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// The floor on a few rendered images: no training, so one second.
class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    run_.suite = "quick", run_.row = run_.method = "random_init", run_.id = "0123456789ab";
    run_.dataset = {"shapes", {{"size", 32}, {"train_images", 48}, {"test_images", 16}}, ""};
    run_.backbone = "resnet18", run_.backbone_settings = {{"width", 8}, {"stem", "cifar"}};
    run_.pretrain = {{"epochs", 1}, {"batch_size", 16}, {"precision", "fp32"}};
    run_.pretrain_key = "p1";
    run_.protocols = {{"near", "knn", 1, run_.dataset, {{"k", 5}}, "k1"}};
    run_.out = scratch_.path();
    fs::create_directories(run_.work_folder());
  }

  Record recorded() const { return read_record(run_.record_file()); }

  // The same run under another id, with stages that it may take over.
  RunSpec later(const fs::path& known) const {
    RunSpec out = run_;
    out.id = "ba9876543210";
    out.reuse = {{"pretrain", known.string()}, {"near", known.string()}};
    fs::create_directories(out.work_folder());
    return out;
  }

  ScratchFolder scratch_;
  RunSpec run_;
};

TEST_F(RunTest, LeavesARecordOfItsStagesAndTheWeightsOfItsBackbone) {
  ASSERT_EQ(carry_out(run_), kWorkerDone) << read_failure(run_).text();
  const Record record = recorded();
  EXPECT_EQ(record.status, "ok");
  EXPECT_EQ(record.run, run_.name());
  ASSERT_EQ(record.stages.size(), 2u);
  EXPECT_EQ(record.stages[0].name + ", " + record.stages[1].name, "pretrain, near");
  EXPECT_EQ(read_safetensors(run_.backbone_file()).metadata.at("key"), "p1");
  EXPECT_FALSE(fs::exists(failure_file(run_)));
}

TEST_F(RunTest, ATrainedRowRecordsWhereTheTimeOfItsStepsWent) {
  run_.row = run_.method = "rotnet";
  ASSERT_EQ(carry_out(run_), kWorkerDone) << read_failure(run_).text();
  const StageRecord pretraining = recorded().stages[0];
  double sum = 0;
  for (const char* name : kStepTimes) {
    const auto found =
        std::ranges::find(pretraining.measurements, name, [](const Measurement& m) { return m.metric.text(); });
    ASSERT_NE(found, pretraining.measurements.end()) << name;
    EXPECT_EQ(found->n, 1) << "of three steps two are set-up";
    EXPECT_EQ(pretraining.kind_of(*found), MetricKind::cost);
    sum += found->value;
  }
  EXPECT_GT(sum, 0);
  EXPECT_LT(sum, pretraining.wall_seconds);
}

TEST_F(RunTest, AKnownRunGivesStagesAndWeights) {
  ASSERT_EQ(carry_out(run_), kWorkerDone) << read_failure(run_).text();
  const RunSpec again = later(run_.record_file());
  ASSERT_EQ(carry_out(again), kWorkerDone) << read_failure(again).text();
  for (const StageRecord& stage : read_record(again.record_file()).stages) {
    EXPECT_EQ(stage.taken_from, run_.name() + " at " + build_revision().text()) << stage.name;
  }
  EXPECT_EQ(read_safetensors(again.backbone_file()).metadata.at("key"), "p1");
}

TEST_F(RunTest, APretrainingWhoseWeightsAreLostIsDoneAgain) {
  ASSERT_EQ(carry_out(run_), kWorkerDone) << read_failure(run_).text();
  fs::remove(run_.backbone_file());
  const RunSpec again = later(run_.record_file());
  ASSERT_EQ(carry_out(again), kWorkerDone) << read_failure(again).text();
  const Record record = read_record(again.record_file());
  EXPECT_EQ(record.stages[0].taken_from, "");
  EXPECT_THAT(record.stages[1].taken_from, HasSubstr(run_.name()));
  EXPECT_TRUE(fs::exists(again.backbone_file()));
}

TEST_F(RunTest, WeightsOfAnotherPretrainingAreNotEvaluated) {
  ASSERT_EQ(carry_out(run_), kWorkerDone) << read_failure(run_).text();
  run_.protocols[0].key = "k2";
  fs::path weights = run_.work_folder() / "backbone.safetensors";
  TensorFile file = read_safetensors(weights);
  file.metadata["key"] = "p0";
  write_safetensors(file, weights);
  EXPECT_EQ(carry_out(run_), kWorkerFailed);
  const WorkerFailure failure = read_failure(run_);
  EXPECT_EQ(failure.kind, FailureKind::checkpoint);
  EXPECT_THAT(failure.message, HasSubstr("weights of another pretraining"));
}

TEST_F(RunTest, AProgramThatWasBuiltAnewDoesNotGoOnWithTheSuite) {
  ::unsetenv("SSLBENCH_WORKER");
  run_.worker = std::string(64, '0');
  EXPECT_EQ(carry_out(run_), kWorkerFailed);
  EXPECT_EQ(read_failure(run_).kind, FailureKind::checkpoint);
  run_.worker = own_worker_digest();
  EXPECT_EQ(carry_out(run_), kWorkerDone);
  EXPECT_FALSE(fs::exists(failure_file(run_))) << "of the attempt before";
}

TEST_F(RunTest, WhatAPersonCanMendIsAFailureThatNamesTheStage) {
  run_.protocols[0].dataset = {"imagenet_of_nobody", nlohmann::json::object(), ""};
  EXPECT_EQ(carry_out(run_), kWorkerFailed);
  const WorkerFailure failure = read_failure(run_);
  EXPECT_EQ(failure.kind, FailureKind::data);
  EXPECT_EQ(failure.stage, "near");
  EXPECT_THAT(failure.message, HasSubstr("imagenet_of_nobody"));
  EXPECT_FALSE(fs::exists(run_.record_file()));
}

}  // namespace
}  // namespace sslbench
