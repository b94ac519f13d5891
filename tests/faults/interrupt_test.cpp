// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and its kin: saved at the next step, exit 75, and the same command goes on as if nothing had happened.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InterruptTest : public ::testing::TestWithParam<int> {};

// Fault matrix: 4, 7
TEST_P(InterruptTest, SavesLeavesNoWorkerAndGoesOnToTheSameState) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "s*"}).code, 0);
  const auto undisturbed = state_hashes(suite.record("simclr"));
  const auto report = suite.report();
  ASSERT_EQ(undisturbed.size(), 80u);
  suite.out = suite.folder() / "disturbed";
  {
    Program run(suite.run_command({"--only", "s*"}), suite.around);
    suite.wait_for_step(run, "simclr", 4);
    run.signal(GetParam());
    const Ending end = run.wait(20);
    EXPECT_EQ(end.code, 75) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("run the same command to go on"));
    EXPECT_THAT(suite.workers(), IsEmpty());
    EXPECT_TRUE(suite.record_file("simclr").empty()) << "an interrupted run is no failed one";
  }
  const int64_t saved = newest_step(suite.work_folder("simclr"));
  EXPECT_GE(saved, 4);
  EXPECT_LT(saved, 80) << "the signal came too late to test anything";
  const Ending end = suite.run({"--only", "s*"});
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(state_hashes(suite.record("simclr")), undisturbed);
  EXPECT_EQ(suite.record("simclr").attempts, 1);
  EXPECT_EQ(differences(report, suite.report()), "[]");
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest, ::testing::Values(SIGINT, SIGTERM, SIGUSR1, SIGHUP),
                         [](const auto& info) { return std::string(::sigabbrev_np(info.param)); });

// A worker alone, as a scheduler's hang-up may reach it.
TEST(HangUpTest, OfTheWorkerSavesAndExits75) {
  TinySuite suite;
  Program run(suite.run_command({"--only", "simclr"}), suite.around);
  suite.wait_for_step(run, "simclr", 4);
  ::kill(suite.worker("simclr"), SIGHUP);
  const Ending end = run.wait(20);
  EXPECT_EQ(end.code, 75) << end.errors;
  EXPECT_GE(newest_step(suite.work_folder("simclr")), 4);
}

TEST(HangUpTest, IsNothingToAProgramUnderNohup) {
  const TinySuite suite;
  std::vector<std::string> command = suite.run_command({"--only", "simclr"});
  command.insert(command.begin(), "nohup");
  Program run(command, suite.around);
  suite.wait_for_step(run, "simclr", 4);
  run.signal(SIGHUP);
  EXPECT_EQ(run.wait().code, 0);
  EXPECT_EQ(suite.record("simclr").status, "ok");
}

// Fault matrix: 6
TEST(SecondInterruptTest, EndsAtOnceAndLosesOnlyUnsavedSteps) {
  TinySuite suite;
  Program run(suite.run_command({"--only", "simclr"}), suite.around);
  suite.wait_for_step(run, "simclr", 3);
  const pid_t worker = suite.worker("simclr");
  ::kill(worker, SIGSTOP);  // it will not get to its next step
  run.signal(SIGINT);
  EXPECT_TRUE(eventually(5, [&] { return run.errors_so_far().find("stopping") != std::string::npos; }));
  EXPECT_TRUE(run.running()) << "waits for the worker to save";
  run.signal(SIGINT);
  const Ending end = run.wait(5);
  EXPECT_EQ(end.code, 75) << end.errors;
  EXPECT_FALSE(is_alive(worker));
  EXPECT_EQ(suite.run({"--only", "simclr"}).code, 0);
  EXPECT_EQ(state_hashes(suite.record("simclr")).size(), 80u);
}

// Fault matrix: 8
TEST(ClosedOutputTest, ReaderThatGoesAwayDoesNotEndTheRun) {
  const TinySuite suite;
  std::string command;
  for (const std::string& word : suite.run_command({"--only", "random_init"})) command += "'" + word + "' ";
  const Ending end = run_program({"bash", "-c", command + "2>&1 | true; exit ${PIPESTATUS[0]}"}, suite.around);
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(suite.record("random_init").status, "ok");
}

}  // namespace
}  // namespace sslbench
