// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_survey.h"

#include <gmock/gmock.h>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunSurveyTest : public ::testing::Test {
 protected:
  void put(const RunSpec& run, const std::string& status, int64_t attempts = 1) {
    Record record;
    record.run = run.name();
    record.status = status;
    record.attempts = attempts;
    record.environment = {{"revision", "abc"}, {"dirty", dirty_}, {"build_type", "Release"}, {"worker", worker_}};
    record.stages = {small_stage("pretrain", run.pretrain_key), small_stage("knn", run.protocols[0].key)};
    write_record(record, run.record_file());
  }
  SurveyedRun survey(const RunSpec& run, bool again = false) {
    return survey_runs({run}, out_.path(), again).runs.at(0);
  }

  bool dirty_ = true;
  std::string worker_;
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

// The record is of a dirty tree, whose commit does not say what program it was.
TEST_F(RunSurveyTest, WhatAnotherChangedTreeMadeDoesNotCountAndIsNotTakenOver) {
  put(run_, "ok");
  std::ofstream(run_.backbone_file()) << "weights";
  EXPECT_TRUE(survey(run_).final) << "who does not know its own program takes what there is";
  run_.worker = std::string(64, 'b');
  run_.build = "def Release";
  const SurveyedRun found = survey(run_);
  EXPECT_FALSE(found.final);
  EXPECT_EQ(found.status, "");
  EXPECT_TRUE(found.run.reuse.empty());
  EXPECT_THAT(found.origin, ::testing::HasSubstr("abc-dirty Release, a changed tree that is not this program (def"));
}

TEST(SurveyTest, SaysOnceWhatIsTheSameOfManyRuns) {
  Survey survey;
  for (const char* row : {"byol", "dino", "mae", "simclr"}) {
    SurveyedRun run;
    run.run.row = row, run.run.id = "0123456789ab";
    run.origin = std::string(row) == "dino" ? "" : std::string(row) == "mae" ? "kept" : "made";
    survey.runs.push_back(run);
  }
  EXPECT_EQ(survey.origins(),
            (std::vector<std::string>{"byol-s0-0123456789ab and 1 more: made", "mae-s0-0123456789ab: kept"}));
}

TEST_F(RunSurveyTest, WhatTheSameChangedTreeOrAnotherCleanOneMadeCounts) {
  dirty_ = true, worker_ = run_.worker = std::string(64, 'b');
  put(run_, "ok");
  EXPECT_TRUE(survey(run_).final);
  EXPECT_EQ(survey(run_).origin, "");
  EXPECT_EQ(survey(run_).run.reuse.count("knn"), 1u);
  dirty_ = false, worker_ = std::string(64, 'c');
  put(run_, "ok");
  EXPECT_TRUE(survey(run_).final);
  EXPECT_THAT(survey(run_).origin, ::testing::HasSubstr("kept from build abc Release"));
  EXPECT_EQ(survey(run_).run.reuse.count("knn"), 1u);
}

TEST_F(RunSurveyTest, UnfinishedWorkIsGoneOnWithWhereBothTreesAreClean) {
  const auto begun = [&](const std::string& worker, const std::string& build) {
    RunSpec before = run_;
    before.worker = worker, before.build = build;
    write_atomically(run_.work_folder() / "runspec.json", run_spec_to_json(before).dump());
    const auto found = begun_by_others({run_});
    return found.empty() ? "" : (found[0].goes_on ? "goes on: " : "afresh: ") + found[0].text();
  };
  EXPECT_TRUE(begun_by_others({run_}).empty()) << "nothing began";
  const std::string c(64, 'c');
  run_.worker = std::string(64, 'b'), run_.build = "abc Release";
  EXPECT_EQ(begun(run_.worker, "abc Release"), "") << "its own";
  EXPECT_THAT(begun(c, "def Release"),
              AllOf(StartsWith("goes on"), HasSubstr("def Release"), HasSubstr("abc Release")));
  EXPECT_THAT(begun(c, "abc Release"),
              HasSubstr("abc Release, program cccccccccccc; this one, abc Release, program bbb"));
  EXPECT_THAT(begun(c, "abc-dirty-cccccccccccc Release"), StartsWith("afresh"));
  EXPECT_THAT(begun(c, "unknown Release"), StartsWith("afresh"));
  run_.build = "abc-dirty-bbbbbbbbbbbb Release";
  EXPECT_EQ(begun(run_.worker, run_.build), "") << "its own";
  EXPECT_THAT(begun(c, "abc Release"), StartsWith("afresh")) << "the record would name the changed tree alone";
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
