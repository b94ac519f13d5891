// SPDX-License-Identifier: Apache-2.0
// Workers that die, hang or run out of memory: each costs its own run, never the suite.
#include <gmock/gmock.h>
#include <signal.h>

#include "suites/ground/sanitizer.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The line of a Markdown text that begins with `start`.
std::string line_with(const std::string& text, const std::string& start) {
  const size_t at = text.find("\n" + start);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

// Fault matrix: 10
TEST(KilledWorkerTest, CostsItsOwnRowAndTheSameCommandTriesItAgain) {
  const TinySuite suite;
  {
    Program run(suite.run_command(), suite.around);
    suite.wait_for_step(run, "simclr", 3);
    ::kill(suite.worker("simclr"), SIGKILL);
    const Ending end = run.wait();
    EXPECT_EQ(end.code, 3) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("failed(signal)"));
  }
  const Record failed = suite.record("simclr");
  EXPECT_EQ(failed.status, "failed(signal)");
  EXPECT_THAT(failed.failure, AllOf(HasSubstr("signal 9"), HasSubstr("stage pretrain")));
  EXPECT_EQ(failed.attempts, 1);
  EXPECT_EQ(suite.record("supervised").status, "ok");
  EXPECT_EQ(suite.record("random_init").status, "ok");
  EXPECT_THAT(line_with(suite.markdown(), "| `simclr` |"), HasSubstr("failed"));
  EXPECT_THAT(suite.markdown(), HasSubstr("failed(signal)"));

  const Ending again = suite.run();
  EXPECT_EQ(again.code, 0) << again.errors;
  EXPECT_THAT(again.errors, HasSubstr("2 of 3 runs are done already"));
  EXPECT_EQ(suite.record("simclr").status, "ok");
  EXPECT_EQ(suite.record("simclr").attempts, 2);
  EXPECT_EQ(suite.report().at("failures").size(), 0u);
}

// Fault matrix: 1, 18
TEST(KilledWorkerTest, GoesOnFromItsLastCheckpointToTheSameState) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  const std::vector<std::string> undisturbed = state_hashes(suite.record("simclr"));
  ASSERT_EQ(undisturbed.size(), 80u) << "one hash a step";
  suite.out = suite.folder() / "disturbed";
  {
    Program run(suite.run_command({"--only", "simclr"}), suite.around);
    suite.wait_for_step(run, "simclr", 5);
    ::kill(suite.worker("simclr"), SIGKILL);
    EXPECT_EQ(run.wait().code, 3);
  }
  ASSERT_GE(newest_step(suite.work_folder("simclr")), 5);
  const std::filesystem::path newest =
      suite.work_folder("simclr") / ("pretrain-" + std::to_string(newest_step(suite.work_folder("simclr"))) + ".ckpt");
  std::filesystem::resize_file(newest, std::filesystem::file_size(newest) / 2);  // as a failing disk leaves it
  ASSERT_EQ(suite.run({"--only", "simclr", "--keep-work"}).code, 0);
  EXPECT_EQ(state_hashes(suite.record("simclr")), undisturbed);
  EXPECT_TRUE(std::filesystem::exists(newest.string() + ".corrupt")) << "set aside, and the one before was used";
}

// Kills simclr's worker after a few steps and hands out the newest checkpoint.
std::filesystem::path killed_at_a_checkpoint(const TinySuite& suite) {
  Program run(suite.run_command({"--only", "simclr"}), suite.around);
  suite.wait_for_step(run, "simclr", 5);
  ::kill(suite.worker("simclr"), SIGKILL);
  EXPECT_EQ(run.wait().code, 3);
  return suite.work_folder("simclr") /
         ("pretrain-" + std::to_string(newest_step(suite.work_folder("simclr"))) + ".ckpt");
}

TEST(KilledWorkerTest, ACheckpointUnderTheLastStepsNameIsNoFinishedTraining) {
  const TinySuite suite;
  const std::filesystem::path newest = killed_at_a_checkpoint(suite);
  std::filesystem::copy_file(newest, newest.parent_path() / "pretrain-80.ckpt");
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  EXPECT_EQ(state_hashes(suite.record("simclr")).size(), 80u) << "one hash a step: every step was carried out";
  EXPECT_THAT(suite.markdown(), HasSubstr("pretrain-80.ckpt was not used"));
}

TEST(KilledWorkerTest, ALostCurveLogIsSaidInTheReport) {
  const TinySuite suite;
  const std::filesystem::path newest = killed_at_a_checkpoint(suite);
  ASSERT_TRUE(std::filesystem::remove(newest.parent_path() / "pretrain.curves.log"));
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  EXPECT_EQ(suite.record("simclr").status, "ok");
  EXPECT_THAT(suite.markdown(), HasSubstr("points of its curves are missing"));
}

// Fault matrix: 9
TEST(KilledWorkerTest, HangingOneIsEndedAndNamed) {
  const TinySuite suite;
  Program run(suite.run_command({"--stall-timeout", "8"}), suite.around);
  suite.wait_for_step(run, "simclr", 2);
  ::kill(suite.worker("simclr"), SIGSTOP);
  const Ending end = run.wait();
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("simclr").status, "failed(timeout)");
  EXPECT_EQ(suite.record("supervised").status, "ok");
}

// Fault matrix: 37
TEST(KilledWorkerTest, OutOfMemoryIsNamedWithItsStage) {
  TinySuite suite;
#ifdef SSLBENCH_UNDER_SANITIZER
  GTEST_SKIP() << "not run: the address sanitizer itself needs more memory than this test allows";
#endif
  suite.around.limits = {{RLIMIT_AS, rlim_t{1} << 30}};
  // Similarities of 8192 views with each other: several copies of 256 MiB.
  const Ending end =
      suite.run({"--only", "[sr][ia]*", "--set", "dataset.train_images=4096", "--set", "pretrain.batch_size=4096"});
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("simclr").status, "failed(oom)") << suite.record("simclr").failure;
  EXPECT_THAT(suite.record("simclr").failure, HasSubstr("stage pretrain"));
  EXPECT_EQ(suite.record("random_init").status, "ok");
}

}  // namespace
}  // namespace sslbench
