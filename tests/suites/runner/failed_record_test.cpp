// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/failed_record.h"

#include <gmock/gmock.h>

#include "reports/record_store.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> stage_states(const Record& record) {
  std::vector<std::string> out;
  for (const StageRecord& stage : record.stages) out.push_back(stage.name + " " + stage.status);
  return out;
}

class FailedRecordTest : public ::testing::Test {
 protected:
  Record fragment(const StageRecord& stage) const {
    Record out;
    out.run = run_.name();
    out.status = "ok";
    out.stages = {stage};
    return out;
  }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path());
  Catalog catalog_ = small_catalog();
};

TEST_F(FailedRecordTest, KeepsFinishedStagesAndNamesTheOneThatFailed) {
  write_record(fragment(small_stage("pretrain", run_.pretrain_key)), run_.work_folder() / "stage-pretrain.h5");
  const Record record = failed_record(run_, {FailureKind::oom, "out of memory", "knn", 3}, catalog_);
  EXPECT_EQ(record.status, "failed(oom)");
  EXPECT_EQ(record.failure, "out of memory (stage knn, step 3)");
  EXPECT_THAT(stage_states(record), ElementsAre("pretrain ok", "knn failed(oom)"));
  EXPECT_EQ(record.stages[0].measurements.size(), 1u);
}

TEST_F(FailedRecordTest, KeepsStagesOfTheRecordItReplaces) {
  write_record(fragment(small_stage("pretrain", run_.pretrain_key)), run_.record_file());
  EXPECT_THAT(stage_states(failed_record(run_, {}, catalog_)), ElementsAre("pretrain ok"));
}

TEST_F(FailedRecordTest, StageOfAnotherKeyIsNotKept) {
  write_record(fragment(small_stage("pretrain", "another key")), run_.work_folder() / "stage-pretrain.h5");
  EXPECT_THAT(stage_states(failed_record(run_, {}, catalog_)), ElementsAre());
}

TEST_F(FailedRecordTest, TornFragmentLosesThatStageOnly) {
  write_record(fragment(small_stage("knn", run_.protocols[0].key)), run_.work_folder() / "stage-knn.h5");
  std::ofstream(run_.work_folder() / "stage-pretrain.h5") << "torn";
  EXPECT_THAT(stage_states(failed_record(run_, {}, catalog_)), ElementsAre("knn ok"));
}

TEST_F(FailedRecordTest, SaysWhoAndWhatForTheReport) {
  run_.attempt = 3;
  run_.method = "supervised";
  const Record record = failed_record(run_, {}, catalog_);
  EXPECT_EQ(record.run, run_.name());
  EXPECT_EQ(record.attempts, 3);
  EXPECT_EQ(record.facts.at("role"), "ceiling");
  EXPECT_EQ(record.facts.at("uses_labels"), true);
  EXPECT_TRUE(record.environment.contains("revision"));
  EXPECT_EQ(run_spec_from_json(record.effective, "effective").name(), run_.name());
}

TEST_F(FailedRecordTest, UnreadableFailureFileIsInternal) {
  EXPECT_EQ(read_failure(run_).kind, FailureKind::internal);
  std::filesystem::create_directories(run_.work_folder());
  std::ofstream(run_.work_folder() / "failure.json") << "{\"kind\": \"data\", \"message\": \"truncated\"}";
  EXPECT_EQ(read_failure(run_).kind, FailureKind::data);
  EXPECT_EQ(read_failure(run_).text(), "truncated");
}

}  // namespace
}  // namespace sslbench
