// SPDX-License-Identifier: Apache-2.0
// `sslbench run`, `plan` and `status` from the command line to the folder, with the fake worker.
#include <gmock/gmock.h>
#include <signal.h>

#include <thread>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/revision.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/cli/record_of_this_build.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

constexpr const char* kSuite = R"(# Does it hold?
dataset = "shapes"
backbone = "resnet18"
[methods.random_init]
[methods.simclr]
[protocols.knn]
)";

class RunCommandTest : public ::testing::Test {
 protected:
  RunCommandTest() {
    ::setenv("SSLBENCH_DATA", (folder_.path() / "data").c_str(), 1);
    worker_.publishes(record_of_this_build());
  }
  ~RunCommandTest() override { ::unsetenv("SSLBENCH_DATA"); }

  std::vector<std::string> words(const std::string& command, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {command, suite_.string(), "-o", out_.string()});
    return more;
  }
  // The one record of that row.
  Record record_of(const std::string& row) const {
    for (const auto& entry : fs::directory_iterator(out_ / "runs")) {
      if (entry.path().filename().string().starts_with(row + "-s")) return read_record(entry.path());
    }
    return {};
  }
  void publish_as_another_changed_tree() {
    Record record;
    record.run = "any";
    record.status = "ok";
    record.environment = {
        {"revision", kRevision}, {"dirty", true}, {"build_type", kBuildType}, {"worker", std::string(64, 'a')}};
    worker_.publishes(record);
  }
  static std::string own_build() { return build_id(worker_digest(worker_program())); }
  void wait_for_progress() const {
    for (int i = 0; i < 500; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::error_code ignored;
      for (const auto& entry : fs::directory_iterator(out_ / "work", ignored)) {
        if (fs::exists(entry.path() / "progress.json")) return;
      }
    }
    FAIL() << "no worker reported progress";
  }

  FakeWorker worker_;
  ScratchFolder folder_;
  fs::path suite_ = folder_.write("mine.toml", kSuite);
  fs::path out_ = folder_.path() / "out";
};

TEST_F(RunCommandTest, SuiteEndsWithRecordsTableAndReport) {
  CliProcess run(words("run"));
  EXPECT_EQ(run.code(), 0) << run.errors();
  EXPECT_THAT(run.output(),
              AllOf(HasSubstr("random_init"), HasSubstr("report: " + (out_ / "report/README.md").string())));
  EXPECT_TRUE(fs::exists(out_ / "report/README.md"));
  EXPECT_TRUE(fs::exists(out_ / "measurements.h5"));
  EXPECT_TRUE(fs::exists(out_ / "run.log"));
  EXPECT_THAT(worker_.started(), SizeIs(2));
  EXPECT_EQ(read_plan(out_)->question, "Does it hold?");
}

TEST_F(RunCommandTest, FinishedRunsAreNotRunTwiceAndAgainRepeatsThem) {
  CliProcess(words("run")).code();
  CliProcess second(words("run"));
  EXPECT_EQ(second.code(), 0);
  EXPECT_THAT(second.errors(), HasSubstr("2 of 2 runs are done already"));
  EXPECT_THAT(worker_.started(), SizeIs(2));
  EXPECT_EQ(CliProcess(words("run", {"--again", "--only", "sim*"})).code(), 0);
  EXPECT_THAT(worker_.started(), SizeIs(3));
}

TEST_F(RunCommandTest, FailedRunExitsThreeAndIsTriedAgainByTheSameCommand) {
  worker_.behave("simclr", "fail");
  CliProcess first(words("run"));
  EXPECT_EQ(first.code(), 3);
  EXPECT_THAT(first.errors(), HasSubstr("failed(non_finite)"));
  EXPECT_THAT(first.output(), HasSubstr("loss is not finite"));
  EXPECT_EQ(record_of("simclr").status, "failed(non_finite)");
  EXPECT_EQ(CliProcess(words("run")).code(), 3);
  EXPECT_EQ(record_of("simclr").attempts, 2);
  worker_.behave("simclr", "ok");
  EXPECT_EQ(CliProcess(words("run")).code(), 0);
  EXPECT_EQ(record_of("simclr").status, "ok");
  EXPECT_THAT(worker_.started(), SizeIs(4)) << "random_init ran once, simclr three times";
}

TEST_F(RunCommandTest, FailedRepeatExitsThreeAndKeepsTheFinalRecord) {
  EXPECT_EQ(CliProcess(words("run")).code(), 0);
  worker_.behave("simclr", "fail");
  CliProcess again(words("run", {"--again"}));
  EXPECT_EQ(again.code(), 3);
  EXPECT_THAT(again.errors(), HasSubstr("loss is not finite (stage pretrain, step 7); the record of an earlier "
                                        "attempt (ok) stays"));
  EXPECT_EQ(record_of("simclr").status, "ok");
}

TEST_F(RunCommandTest, AgainTakesNothingOverFromAnEarlierAttempt) {
  worker_.behave("simclr", "fail");
  CliProcess(words("run", {"--only", "simclr"})).code();
  const fs::path fragment = out_ / "work" / worker_.started().at(0) / "stage-pretrain.h5";
  std::ofstream(fragment) << "of the first attempt";
  CliProcess(words("run", {"--only", "simclr"})).code();
  EXPECT_TRUE(fs::exists(fragment)) << "a retry goes on with what there is";
  CliProcess(words("run", {"--only", "simclr", "--again"})).code();
  EXPECT_FALSE(fs::exists(fragment));
  EXPECT_THAT(worker_.started(), SizeIs(3));
}

TEST_F(RunCommandTest, InterruptionExitsSeventyFiveAndTheSameCommandGoesOn) {
  worker_.behave("simclr", "patient");
  {
    CliProcess run(words("run"));
    wait_for_progress();
    ::kill(run.pid(), SIGINT);
    EXPECT_EQ(run.code(), 75);
    EXPECT_THAT(run.errors(), HasSubstr("run the same command to go on"));
  }
  EXPECT_THAT(CliProcess(words("plan")).output(), HasSubstr("to do"));
  worker_.behave("simclr", "ok");
  EXPECT_EQ(CliProcess(words("run")).code(), 0);
}

TEST_F(RunCommandTest, SecondRunIsToldWhoHoldsTheFolder) {
  worker_.behave("simclr", "patient");
  CliProcess first(words("run"));
  wait_for_progress();
  CliProcess second(words("run"));
  EXPECT_EQ(second.code(), 2);
  EXPECT_THAT(second.errors(), HasSubstr("in use by pid " + std::to_string(first.pid())));
  CliProcess status({"status", out_.string(), "--json"});
  EXPECT_EQ(nlohmann::json::parse(status.output()).at("runs").at(1).at("stage"), "pretrain");
  ::kill(first.pid(), SIGTERM);
  EXPECT_EQ(first.code(), 75);
}

TEST_F(RunCommandTest, KilledFrontEndLosesNothingThatWasFinished) {
  worker_.behave("simclr", "ok");
  worker_.behave("random_init", "patient");
  {
    CliProcess run(words("run"));
    wait_for_progress();
    ::kill(run.pid(), SIGKILL);
    EXPECT_EQ(run.code(), 128 + SIGKILL);
  }
  for (const auto& pid : worker_.lines("pids"))
    ::kill(std::stoi(pid), SIGKILL);  // the real worker dies with its parent
  worker_.behave("random_init", "ok");
  EXPECT_EQ(CliProcess(words("run")).code(), 0);
  EXPECT_THAT(worker_.started(), SizeIs(3)) << "simclr once, random_init twice";
}

TEST_F(RunCommandTest, RecordOfAnotherBuildIsReusedWithALineThatNamesBoth) {
  Record record;
  record.run = "any";
  record.status = "ok";
  record.environment = {{"revision", "feedbeef"}, {"dirty", false}, {"build_type", "Release"}};
  worker_.publishes(record);
  CliProcess(words("run")).code();
  EXPECT_THAT(CliProcess(words("run")).errors(),
              AllOf(HasSubstr("kept from build feedbeef Release"), HasSubstr(own_build())));
  EXPECT_THAT(CliProcess(words("plan")).errors(), HasSubstr("kept from build feedbeef Release"));
  EXPECT_THAT(worker_.started(), SizeIs(2));
}

// All builds of changed trees share a revision: what one of them made says nothing of another.
TEST_F(RunCommandTest, RecordOfAnotherChangedTreeIsToDoAgainInPlanAndRun) {
  publish_as_another_changed_tree();
  CliProcess(words("run")).code();
  CliProcess planned(words("plan"));
  EXPECT_THAT(planned.errors(), AllOf(HasSubstr("-dirty-aaaaaaaaaaaa"), HasSubstr("to do again")));
  EXPECT_THAT(planned.output(), HasSubstr("2 runs, 2 to do"));
  EXPECT_THAT(CliProcess(words("run")).errors(), HasSubstr("to do again"));
  EXPECT_THAT(worker_.started(), SizeIs(4));
}

TEST_F(RunCommandTest, AFailureTakesThePlaceOfWhatAnotherChangedTreeMade) {
  publish_as_another_changed_tree();
  CliProcess(words("run")).code();
  worker_.behave("simclr", "fail");
  EXPECT_EQ(CliProcess(words("run")).code(), 3);
  EXPECT_EQ(record_of("simclr").status, "failed(non_finite)")
      << "the other program's number would stand for this one's";
}

TEST_F(RunCommandTest, OneFolderIsOfOneSuiteForPlanAndRunAlike) {
  CliProcess(words("run")).code();
  const fs::path copy = folder_.write("copy.toml", read_file(suite_));
  for (const char* command : {"plan", "run"}) {
    CliProcess process({command, copy.string(), "-o", out_.string()});
    EXPECT_EQ(process.code(), 2) << command;
    EXPECT_THAT(process.errors(), HasSubstr("belongs to the suite 'mine', not to 'copy'; name another with -o"));
  }
}

TEST_F(RunCommandTest, MistakesFoundBeforeAnythingRunsExitTwo) {
  const auto refused = [&](const std::vector<std::string>& all) {
    CliProcess process(all);
    EXPECT_EQ(process.code(), 2);
    return process.errors();
  };
  EXPECT_THAT(refused(words("run", {"--set", "methods.simclr.temprature=0.2"})),
              HasSubstr("did you mean 'temperature'?"));
  EXPECT_THAT(refused(words("run", {"--set", "dataset=cifar10"})), HasSubstr("sslbench data add cifar10 PATH"));
  EXPECT_THAT(refused(words("run", {"--seeds", "2..0"})), HasSubstr("seeds"));
  EXPECT_THAT(refused(words("run", {"--only", "x*"})), HasSubstr("matches no row"));
  EXPECT_THAT(refused({"run", folder_.path().string()}), HasSubstr("is a folder"));
  EXPECT_THAT(refused({"run", suite_.string(), "-o", suite_.string()}), HasSubstr("is a file"));
  EXPECT_THAT(refused({"run", suite_.string(), "-o", "/proc/nowhere"}), HasSubstr("cannot be written"));
  EXPECT_THAT(worker_.started(), IsEmpty());
}

TEST_F(RunCommandTest, WhatTheWorkerRefusesExitsTwoBeforeAnythingRuns) {
  worker_.behave("refuse", "");
  CliProcess process(words("run"));
  EXPECT_EQ(process.code(), 2);
  EXPECT_THAT(process.errors(), HasSubstr("batch of 8"));
  EXPECT_THAT(worker_.started(), IsEmpty());
  EXPECT_FALSE(fs::exists(out_)) << "a refused suite leaves no folder";
}

TEST_F(RunCommandTest, OnlyLeavesTheOtherRowsInThePlan) {
  EXPECT_EQ(CliProcess(words("run", {"--only", "simclr"})).code(), 0);
  EXPECT_THAT(worker_.started(), SizeIs(1));
  EXPECT_THAT(read_plan(out_)->runs, SizeIs(2));
}

TEST_F(RunCommandTest, ThreadsStayAsFirstPlanned) {
  EXPECT_EQ(CliProcess(words("run", {"--threads", "1"})).code(), 0);
  EXPECT_EQ(CliProcess(words("run", {"--jobs", "2"})).code(), 0);
  EXPECT_EQ(read_plan(out_)->threads, 1);
  EXPECT_EQ(CliProcess(words("run", {"--threads", "2"})).code(), 2);
}

TEST_F(RunCommandTest, PlanChangesNothingAndSaysWhatIsKnown) {
  CliProcess plan(words("plan", {"--no-calibrate"}));
  EXPECT_EQ(plan.code(), 0) << plan.errors();
  EXPECT_THAT(plan.output(), AllOf(HasSubstr("not measured"), HasSubstr("2 runs, 2 to do")));
  EXPECT_FALSE(fs::exists(out_));
  CliProcess json(words("plan", {"--json", "--seeds", "0..2"}));
  EXPECT_THAT(nlohmann::json::parse(json.output()).at("runs"), SizeIs(6));
}

// The second row's protocol is that of the first; what was found out once is not asked again.
TEST_F(RunCommandTest, PlanForetellsFromTheBeginningsOfStages) {
  CliProcess plan(words("plan"));
  EXPECT_EQ(plan.code(), 0) << plan.errors();
  EXPECT_THAT(plan.errors(), HasSubstr("a few steps of simclr"));
  EXPECT_THAT(plan.output(), AllOf(HasSubstr("1 min 00 s (foretold)"), HasSubstr("2.0 MiB"), HasSubstr("about 2 min")));
  const size_t asked = worker_.lines("calibrated").size();
  EXPECT_EQ(asked, 2u);
  CliProcess again(words("plan", {"--seeds", "0..2"}));
  EXPECT_THAT(again.output(), HasSubstr("about 6 min 00 s"));
  EXPECT_EQ(worker_.lines("calibrated").size(), asked);
}

TEST_F(RunCommandTest, WhatDoesNotFitIntoMemoryIsPlannedButRefused) {
  worker_.behave("huge", "");
  EXPECT_EQ(CliProcess(words("plan", {"--no-calibrate"})).code(), 0) << "nothing is known";
  CliProcess plan(words("plan"));
  EXPECT_EQ(plan.code(), 2);
  EXPECT_THAT(plan.output(), HasSubstr("2 runs, 2 to do"));
  EXPECT_THAT(plan.errors(),
              AllOf(HasSubstr("[methods.random_init] needs 1073741824.00 GiB"), HasSubstr("no smaller batch fits")));
  CliProcess run(words("run"));
  EXPECT_EQ(run.code(), 2);
  EXPECT_THAT(run.errors(), HasSubstr("[methods.random_init] needs"));
  EXPECT_THAT(worker_.started(), IsEmpty());
}

TEST_F(RunCommandTest, StatusCountsStates) {
  worker_.behave("simclr", "fail");
  CliProcess(words("run")).code();
  CliProcess status({"status", out_.string()});
  EXPECT_THAT(status.output(), AllOf(HasSubstr("1 done"), HasSubstr("1 failed"), HasSubstr("failed(non_finite)")));
}

TEST_F(RunCommandTest, WatchingEndsWhenNothingMoreWillHappen) {
  CliProcess(words("run")).code();
  CliProcess watched({"status", out_.string(), "--watch"});
  EXPECT_EQ(watched.code(), 0) << watched.errors();
  EXPECT_THAT(watched.output(), HasSubstr("2 done"));
  EXPECT_EQ(CliProcess({"status", out_.string(), "--watch", "--json"}).code(), 2);
}

TEST_F(RunCommandTest, ReportWithoutAMeasurementExitsFour) {
  worker_.behave("simclr", "fail");
  worker_.behave("random_init", "fail");
  CliProcess(words("run")).code();
  EXPECT_EQ(CliProcess({"report", out_.string()}).code(), 4);
  worker_.behave("simclr", "ok");
  CliProcess(words("run")).code();
  CliProcess report({"report", out_.string(), "--json"});
  EXPECT_EQ(report.code(), 0);
  EXPECT_TRUE(nlohmann::json::parse(report.output()).is_object());
}

}  // namespace
}  // namespace sslbench
