// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_survey.h"

#include <gmock/gmock.h>

#include "reports/record_store.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

class RunSurveyTest : public ::testing::Test {
 protected:
  void put(const RunSpec& run, const std::string& status, int64_t attempts = 1) {
    Record record;
    record.run = run.name();
    record.status = status;
    record.attempts = attempts;
    record.environment = {{"revision", "abc"}, {"dirty", true}, {"build_type", "Release"}};
    record.stages = {small_stage("pretrain", run.pretrain_key), small_stage("knn", run.protocols[0].key)};
    write_record(record, run.record_file());
  }
  SurveyedRun survey(const RunSpec& run, bool again = false) {
    return survey_runs({run}, out_.path(), again).runs.at(0);
  }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path());
};

TEST_F(RunSurveyTest, OkAndCollapsedAreFinalFailedAndAbsentAreNot) {
  EXPECT_FALSE(survey(run_).final);
  EXPECT_EQ(survey(run_).run.attempt, 1);
  put(run_, "collapsed");
  EXPECT_TRUE(survey(run_).final);
  EXPECT_EQ(survey(run_).build, "abc-dirty Release");
  put(run_, "failed(oom)", 2);
  EXPECT_FALSE(survey(run_).final);
  EXPECT_EQ(survey(run_).run.attempt, 3) << "attempts go on counting";
}

TEST_F(RunSurveyTest, StagesWithTheSameKeyAreOffered) {
  RunSpec other = small_run("other", out_.path());
  put(other, "ok");
  other.row = "renamed";
  EXPECT_EQ(survey(other).run.reuse.count("pretrain"), 0u) << "no weights, no pretraining to take over";
  std::ofstream(small_run("other", out_.path()).backbone_file()) << "weights";
  const RunSpec offered = survey(other).run;
  EXPECT_EQ(offered.reuse.at("pretrain"), small_run("other", out_.path()).record_file().string());
  EXPECT_EQ(offered.reuse.count("knn"), 1u);
  EXPECT_TRUE(survey(run_).run.reuse.empty()) << "other keys";
}

TEST_F(RunSurveyTest, AgainRepeatsAFinalRunAndTakesNothingOver) {
  put(run_, "ok");
  std::ofstream(run_.backbone_file()) << "weights";
  const SurveyedRun again = survey(run_, true);
  EXPECT_FALSE(again.final);
  EXPECT_TRUE(again.run.reuse.empty());
  EXPECT_EQ(again.run.attempt, 1);
}

TEST_F(RunSurveyTest, UnreadableRecordIsWarnedOfAndRunAgain) {
  std::filesystem::create_directories(run_.record_file().parent_path());
  std::ofstream(run_.record_file()) << "not a record";
  const Survey survey = survey_runs({run_}, out_.path(), false);
  EXPECT_EQ(survey.warnings.size(), 1u);
  EXPECT_FALSE(survey.runs[0].final);
}

}  // namespace
}  // namespace sslbench
