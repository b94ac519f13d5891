// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/progress_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;

TEST(ProgressFileTest, WhatTheWorkerWritesIsWhatTheFrontEndReads) {
  const ScratchFolder scratch;
  const std::filesystem::path path = scratch.path() / "progress.json";
  ProgressFile file(path, {"pretrain", "knn"});
  file.begin("pretrain");
  file.end("pretrain");
  file.begin("knn");
  const RunProgress read = read_progress(path).value();
  EXPECT_EQ(read.stage, "knn");
  EXPECT_EQ(read.step, 0);
  EXPECT_THAT(read.stages_done, ElementsAre("pretrain"));
  EXPECT_THAT(read.stages, ElementsAre("pretrain", "knn"));
  EXPECT_DOUBLE_EQ(read.fraction(), 0.5);
}

TEST(ProgressFileTest, EveryVersionIsAnotherTextSoThatAnIdleWorkerIsSeenAlive) {
  const ScratchFolder scratch;
  const std::filesystem::path path = scratch.path() / "progress.json";
  ProgressFile file(path, {"pretrain"});
  file.begin("pretrain");
  const std::string first = read_file(path);
  file.begin("pretrain");
  EXPECT_NE(read_file(path), first);
}

TEST(ProgressFileTest, StepsWithinOneSecondAreNotWritten) {
  const ScratchFolder scratch;
  const std::filesystem::path path = scratch.path() / "progress.json";
  ProgressFile file(path, {"pretrain"});
  file.begin("pretrain");
  const std::string first = read_file(path);
  file.step(1, 10, 5.0);
  EXPECT_EQ(read_file(path), first);
}

TEST(ProgressFileTest, AFolderThatCannotBeWrittenIsNoReasonToStop) {
  ProgressFile file("/proc/absent/progress.json", {"pretrain"});
  file.begin("pretrain");
  EXPECT_FALSE(read_progress("/proc/absent/progress.json").has_value());
}

TEST(RunProgressTest, FractionCountsStagesAndSteps) {
  RunProgress progress{"pretrain", 12, 48, 123.4, {}, {"pretrain", "knn"}};
  EXPECT_DOUBLE_EQ(progress.fraction(), 0.125);
  progress.stages_done = {"pretrain"};
  EXPECT_DOUBLE_EQ(progress.fraction(), 0.5) << "a stage that is done counts once";
  progress.stages_done = {"pretrain", "knn"};
  EXPECT_DOUBLE_EQ(progress.fraction(), 1);
}

TEST(RunProgressTest, WhatIsNotYetWholeIsNothing) {
  EXPECT_FALSE(parse_progress("").has_value());
  EXPECT_FALSE(parse_progress("{\"stage\":\"pre").has_value());
  EXPECT_FALSE(read_progress("/absent/progress.json").has_value());
}

TEST(RunProgressTest, APipeIsNothingAndNotWaitedFor) {
  const ScratchFolder scratch;
  const std::filesystem::path pipe = scratch.path() / "progress.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  EXPECT_FALSE(read_progress(pipe).has_value());
}

}  // namespace
}  // namespace sslbench
