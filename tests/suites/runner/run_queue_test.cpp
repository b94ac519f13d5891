// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_queue.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/runner/fake_worker.h"
#include "tests/suites/runner/interruption.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

class RunQueueTest : public ::testing::Test {
 protected:
  std::vector<RunResult> carry_out(const std::vector<std::string>& rows) {
    std::vector<RunSpec> runs;
    for (const std::string& row : rows) runs.push_back(small_run(row, out_.path()));
    return carry_out_runs(std::move(runs));
  }
  std::vector<RunResult> carry_out_runs(std::vector<RunSpec> runs) {
    ProgressView view(quiet_, false);
    RunLog log(out_.path() / "run.log");
    if (options_.worker.empty()) options_.worker = worker_.program();
    return RunQueue(options_, catalog_, view, log).carry_out(std::move(runs));
  }
  Record record_of(const std::string& row) const { return read_record(small_run(row, out_.path()).record_file()); }
  ~RunQueueTest() override { std::fclose(quiet_); }

  FakeWorker worker_;
  ScratchFolder out_;
  QueueOptions options_;
  Catalog catalog_ = small_catalog();
  std::FILE* quiet_ = std::fopen("/dev/null", "w");
};

TEST_F(RunQueueTest, SuccessLeavesTheRecordAndNoWorkFolder) {
  const auto results = carry_out({"good"});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].state, RunResult::State::finished);
  EXPECT_EQ(results[0].status, "ok");
  EXPECT_FALSE(fs::exists(results[0].run.work_folder()));
  EXPECT_EQ(record_of("good").status, "ok");
}

TEST_F(RunQueueTest, KeepWorkKeepsSpecAndLog) {
  options_.keep_work = true;
  const auto results = carry_out({"good"});
  EXPECT_TRUE(fs::exists(results[0].run.work_folder() / "runspec.json"));
  EXPECT_TRUE(fs::exists(results[0].run.work_folder() / "log"));
}

TEST_F(RunQueueTest, WorkerIsToldItsThreads) {
  RunSpec run = small_run("good", out_.path());
  run.threads = 3;
  carry_out_runs({run});
  EXPECT_THAT(worker_.lines("threads"), ElementsAre("3"));
}

// Fault matrix: 10
TEST_F(RunQueueTest, EveryWayOfFailingBecomesARecordAndTheSuiteGoesOn) {
  for (const char* how : {"fail", "odd", "crash", "killed", "silent"}) worker_.behave(how, how);
  const auto results = carry_out({"fail", "odd", "crash", "killed", "silent", "good"});
  ASSERT_EQ(results.size(), 6u);
  EXPECT_EQ(results.back().state, RunResult::State::finished);
  EXPECT_EQ(record_of("fail").status, "failed(non_finite)");
  EXPECT_EQ(record_of("fail").failure, "loss is not finite (stage pretrain, step 7)");
  EXPECT_EQ(record_of("odd").status, "failed(internal)");
  EXPECT_THAT(record_of("odd").failure, HasSubstr("exited with code 9; its log ends: last words"));
  EXPECT_EQ(record_of("crash").status, "failed(signal)");
  EXPECT_THAT(record_of("crash").failure, HasSubstr("killed by signal 11"));
  EXPECT_THAT(record_of("crash").failure, HasSubstr("(stage pretrain, step 3)"));
  EXPECT_THAT(record_of("killed").failure, HasSubstr("killed by signal 9 (memory limit?)"));
  EXPECT_EQ(record_of("silent").status, "failed(internal)");
  for (const RunResult& result : results) {
    const bool failed = result.state == RunResult::State::failed;
    EXPECT_EQ(fs::exists(result.run.work_folder()), failed) << result.run.row << ": kept for a retry only";
  }
}

// Fault matrix: 9
TEST_F(RunQueueTest, HangIsKilledAsTimeout) {
  worker_.behave("hang", "hang");
  options_.stall_limit = std::chrono::seconds(1);
  const auto begin = Clock::now();
  carry_out({"hang"});
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(record_of("hang").status, "failed(timeout)");
  EXPECT_THAT(record_of("hang").failure, HasSubstr("no progress for 1 s (stage pretrain, step 4)"));
}

TEST_F(RunQueueTest, FailedRecordThatCannotBeWrittenIsCountedAndTheSuiteGoesOn) {
  worker_.behave("fail", "fail");
  std::ofstream(out_.path() / "runs") << "in the way";
  const auto results = carry_out({"fail", "fail"});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].state, RunResult::State::failed);
  EXPECT_EQ(results[1].status, "failed(non_finite)");
}

TEST_F(RunQueueTest, WorkFolderThatCannotBeMadeIsAStorageFailure) {
  std::ofstream(out_.path() / "work") << "in the way";
  const auto results = carry_out({"good"});
  EXPECT_EQ(results[0].status, "failed(storage)");
  EXPECT_EQ(record_of("good").status, "failed(storage)");
}

TEST_F(RunQueueTest, WorkerThatCannotBeStartedIsThatRunsFailure) {
  options_.worker = out_.path() / "absent";
  const auto results = carry_out({"a", "b"});
  ASSERT_EQ(results.size(), 2u) << "the suite went on";
  for (const RunResult& result : results) {
    EXPECT_EQ(result.state, RunResult::State::failed);
    EXPECT_THAT(record_of(result.run.row).failure, HasSubstr("cannot start"));
  }
}

// Fault matrix: 3
TEST_F(RunQueueTest, DeathAfterTheRecordWasPublishedIsSuccess) {
  worker_.behave("teardown", "teardown");
  worker_.behave("lingers", "lingers");
  options_.stall_limit = std::chrono::seconds(1);
  for (const RunResult& result : carry_out({"teardown", "lingers"})) {
    EXPECT_EQ(result.state, RunResult::State::finished) << result.run.row << ": " << result.message;
    EXPECT_EQ(record_of(result.run.row).status, "ok");
  }
  EXPECT_THAT(read_file(out_.path() / "run.log"), HasSubstr("after its record was whole: killed by signal 11"));
}

TEST_F(RunQueueTest, FailedRepeatLeavesTheFinalRecordAlone) {
  for (const char* row : {"fail", "silent"}) {
    worker_.behave(row, row);
    Record record;
    record.run = row;
    record.status = "collapsed";
    write_record(record, small_run(row, out_.path()).record_file());
  }
  for (const RunResult& result : carry_out({"fail", "silent"})) {
    EXPECT_EQ(result.state, RunResult::State::failed) << result.run.row;
    EXPECT_THAT(result.message, HasSubstr("the record of an earlier attempt (collapsed) stays"));
    EXPECT_EQ(record_of(result.run.row).status, "collapsed");
  }
}

TEST_F(RunQueueTest, NoMoreThanJobsRunAtATime) {
  for (const char* row : {"a", "b", "c", "d"}) worker_.behave(row, "slow");
  options_.jobs = 2;
  EXPECT_EQ(carry_out({"a", "b", "c", "d"}).size(), 4u);
  const auto at_once = worker_.lines("at_once");
  ASSERT_EQ(at_once.size(), 4u);
  EXPECT_EQ(*std::ranges::max_element(at_once), "2") << "both places are used, and no third";
}

TEST_F(RunQueueTest, FirstSignalLetsWorkersSaveAndStartsNoMore) {
  worker_.behave("patient", "patient");
  const BlockedSignals blocked;
  const Interruption stop(small_run("patient", out_.path()).work_folder() / "progress.json", {SIGINT});
  const auto results = carry_out({"patient", "good"});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].state, RunResult::State::interrupted);
  EXPECT_EQ(results[1].state, RunResult::State::not_started);
  EXPECT_TRUE(fs::exists(results[0].run.work_folder())) << "what was saved is kept";
  EXPECT_FALSE(fs::exists(results[0].run.record_file())) << "an interruption is no failure";
  EXPECT_EQ(worker_.started().size(), 1u);
}

TEST_F(RunQueueTest, WorkerThatARepeatedStopSignalEndedIsInterrupted) {
  worker_.behave("impatient", "impatient");
  const BlockedSignals blocked;
  const Interruption stop(small_run("impatient", out_.path()).work_folder() / "progress.json", {SIGTERM});
  EXPECT_EQ(carry_out({"impatient"}).at(0).state, RunResult::State::interrupted);
  EXPECT_FALSE(fs::exists(small_run("impatient", out_.path()).record_file()));
}

TEST_F(RunQueueTest, SecondSignalKillsAtOnce) {
  worker_.behave("stubborn", "stubborn");
  worker_.behave("patient", "patient");
  options_.jobs = 2;
  const BlockedSignals blocked;
  const Interruption stop(small_run("stubborn", out_.path()).work_folder() / "progress.json", {SIGTERM, SIGUSR1});
  const auto begin = Clock::now();
  const auto results = carry_out({"patient", "stubborn"});
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
  for (const RunResult& result : results) EXPECT_EQ(result.state, RunResult::State::interrupted);
}

TEST_F(RunQueueTest, LongestComesFirst) {
  std::vector<RunSpec> runs;
  for (const char* row : {"short", "long", "floor"}) runs.push_back(small_run(row, out_.path()));
  runs[1].pretrain["epochs"] = 50;
  runs[2].method = "random_init";
  runs[2].pretrain["epochs"] = 100;
  const auto rows = [](const std::vector<RunSpec>& ordered) {
    std::vector<std::string> out;
    for (const RunSpec& run : ordered) out.push_back(run.row);
    return out;
  };
  EXPECT_THAT(rows(longest_first(runs, {}, catalog_)), ElementsAre("long", "short", "floor"))
      << "by epochs; floor trains nothing";
  const ExpectedTimes measured({{runs[0].name(), {{"pretrain", 9}, {"knn", 0}}},
                                {runs[1].name(), {{"pretrain", 1}, {"knn", 0}}},
                                {runs[2].name(), {{"pretrain", 4}, {"knn", 1}}}});
  EXPECT_THAT(rows(longest_first(runs, measured, catalog_)), ElementsAre("short", "floor", "long"));
}

}  // namespace
}  // namespace sslbench
