// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/failed_record.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "reports/record/curve_log.h"
#include "reports/record/record_store.h"
#include "suites/handover/failure_file.h"
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

TEST_F(FailedRecordTest, KeptStageNamesTheBuildThatCarriedItOut) {
  Record earlier = fragment(small_stage("pretrain", run_.pretrain_key));
  earlier.environment = {{"revision", "feedbeef"}, {"dirty", true}};
  write_record(earlier, run_.work_folder() / "stage-pretrain.h5");
  StageRecord taken = small_stage("knn", run_.protocols[0].key);
  taken.taken_from = "other-s0-0123456789ab at cafe";
  taken.revision = "cafe";
  write_record(fragment(taken), run_.work_folder() / "stage-knn.h5");
  const Record record = failed_record(run_, {}, catalog_);
  ASSERT_THAT(stage_states(record), ElementsAre("pretrain ok", "knn ok"));
  EXPECT_EQ(record.stages[0].revision, "feedbeef-dirty") << "not the one of the front end that wrote the record";
  EXPECT_EQ(record.stages[1].revision, "cafe");
  EXPECT_EQ(record.stages[1].taken_from, taken.taken_from);
}

TEST_F(FailedRecordTest, FailedStageKeepsTheCurveItHadLogged) {
  std::filesystem::create_directories(run_.work_folder());
  {
    CurveLog log(run_.work_folder() / "pretrain.curves.log", 0);
    log.append("loss", 1, 5.5);
    log.append("loss", 2, 1e30);
  }
  const Record record = failed_record(run_, {FailureKind::non_finite, "loss is not finite", "pretrain", 3}, catalog_);
  ASSERT_THAT(stage_states(record), ElementsAre("pretrain failed(non_finite)"));
  EXPECT_THAT(record.stages[0].curves.at("loss").step, ElementsAre(1, 2));
  EXPECT_THAT(record.stages[0].curves.at("loss").value, ElementsAre(5.5, 1e30));
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

TEST_F(FailedRecordTest, PipesOfAReceivedFolderAreNotWaitedFor) {
  std::filesystem::create_directories(run_.work_folder());
  for (const char* name : {"failure.json", "pretrain.curves.log"}) {
    ASSERT_EQ(::mkfifo((run_.work_folder() / name).c_str(), 0644), 0);
  }
  EXPECT_EQ(read_failure(run_).kind, FailureKind::internal);
  const Record record = failed_record(run_, {FailureKind::oom, "out of memory", "pretrain", 3}, catalog_);
  EXPECT_THAT(stage_states(record), ElementsAre("pretrain failed(oom)"));
}

}  // namespace
}  // namespace sslbench
