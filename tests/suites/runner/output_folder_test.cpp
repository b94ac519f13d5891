// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/output_folder.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <future>
#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string refusal(const std::filesystem::path& out, const std::string& suite) {
  try {
    OutputFolder folder(out, suite);
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

// Fault matrix: 27
TEST(OutputFolderTest, SecondFrontEndIsToldWhoHoldsTheFolder) {
  const ScratchFolder scratch;
  const OutputFolder first(scratch.path() / "out", "mine");
  EXPECT_THAT(refusal(scratch.path() / "out", "mine"), HasSubstr("in use by pid " + std::to_string(::getpid())));
}

// Fault matrix: 28
TEST(OutputFolderTest, FolderIsFreeAgainAfterwards) {
  const ScratchFolder scratch;
  { const OutputFolder first(scratch.path(), "mine"); }
  EXPECT_EQ(refusal(scratch.path(), "mine"), "accepted");
}

// Fault matrix: 53
TEST(OutputFolderTest, FileAndUnwritableFolderAreRefused) {
  const ScratchFolder scratch;
  EXPECT_THAT(refusal(scratch.write("file", "x"), "mine"), HasSubstr("is a file"));
  EXPECT_THAT(refusal("/proc/nowhere", "mine"), HasSubstr("cannot be written"));
}

TEST(OutputFolderTest, NothingIsWrittenThroughALinkOfAReceivedFolder) {
  const ScratchFolder scratch;
  const std::filesystem::path out = scratch.path() / "out", elsewhere = scratch.path() / "elsewhere";
  std::filesystem::create_directories(elsewhere);
  Plan plan;
  plan.suite = "mine";
  plan.runs = {small_run("simclr", out)};
  for (const std::string name : {"runs", "work", "report", "report/fig", "work/simclr-s0-0123456789ab"}) {
    std::filesystem::create_directories((out / name).parent_path());
    std::filesystem::create_directory_symlink(elsewhere, out / name);
    try {
      OutputFolder(out, "mine").write_plan(plan);
      ADD_FAILURE() << name;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name + " is a symbolic link"));
    }
    std::filesystem::remove_all(out);
  }
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
}

TEST(OutputFolderTest, ALockThatIsALinkLeavesItsTargetAlone) {
  const ScratchFolder scratch;
  const std::filesystem::path precious = scratch.write("precious", "mine");
  std::filesystem::create_directory(scratch.path() / "out");
  std::filesystem::create_symlink(precious, scratch.path() / "out/.lock");
  EXPECT_THAT(refusal(scratch.path() / "out", "mine"), HasSubstr(".lock: it is a symbolic link"));
  EXPECT_EQ(read_file(precious), "mine");
}

// Fault matrix: 53
TEST(OutputFolderTest, BelongsToOneSuite) {
  const ScratchFolder scratch;
  Plan plan;
  plan.suite = "mine";
  OutputFolder(scratch.path(), "mine").write_plan(plan);
  EXPECT_EQ(refusal(scratch.path(), "mine"), "accepted");
  EXPECT_THAT(refusal(scratch.path(), "other"), HasSubstr("belongs to the suite 'mine', not to 'other'"));
}

TEST(OutputFolderTest, PlanOfAMovedFolderPointsIntoIt) {
  const ScratchFolder scratch;
  Plan plan;
  plan.suite = "mine";
  plan.runs = {small_run("simclr", "/elsewhere")};
  OutputFolder(scratch.path(), "mine").write_plan(plan);
  EXPECT_EQ(read_plan(scratch.path())->runs.at(0).out, scratch.path());
  EXPECT_EQ(read_plan(scratch.path() / "absent"), std::nullopt);
  scratch.write("plan.json", "{");
  EXPECT_THROW(read_plan(scratch.path()), UserError);
}

// Fault matrix: 28
TEST(OutputFolderTest, WaitsForAnOldWorkerAndGivesUpWithItsName) {
  const ScratchFolder scratch;
  const OutputFolder folder(scratch.path(), "mine");
  const RunSpec run = small_run("simclr", scratch.path());
  std::string holder;
  auto lock = std::make_optional(FileLock::try_take(run.work_folder() / "lock", holder).value());
  try {
    folder.wait_for_old_workers({run}, 200ms);
    FAIL() << "did not wait";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pid " + std::to_string(::getpid())));
  }
  const auto leaving = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(200ms);
    lock.reset();
  });
  EXPECT_NO_THROW(folder.wait_for_old_workers({run}, 10s));
}

TEST(OutputFolderTest, WorkIsClearedOfTheRunsAskedForUnlessAWorkerHoldsIt) {
  const ScratchFolder scratch;
  const OutputFolder folder(scratch.path(), "mine");
  const RunSpec repeated = small_run("simclr", scratch.path()), other = small_run("other", scratch.path());
  for (const RunSpec& run : {repeated, other}) scratch.write("work/" + run.name() + "/stage-pretrain.h5", "fragment");
  {
    std::string holder;
    const auto lock = FileLock::try_take(repeated.work_folder() / "lock", holder);
    EXPECT_THROW(folder.clear_work({repeated}), UserError);
    EXPECT_TRUE(std::filesystem::exists(repeated.work_folder() / "stage-pretrain.h5"));
  }
  folder.clear_work({repeated});
  EXPECT_FALSE(std::filesystem::exists(repeated.work_folder()));
  EXPECT_TRUE(std::filesystem::exists(other.work_folder() / "stage-pretrain.h5"));
}

TEST(ThreadsTest, PlanFixesThemThenTheCommandLineThenTheSuiteThenTheCores) {
  Plan earlier;
  earlier.threads = 3;
  EXPECT_EQ(threads_per_worker(earlier, std::nullopt, 5, 1), 3);
  EXPECT_EQ(threads_per_worker(earlier, 3, 5, 1), 3);
  EXPECT_THROW(threads_per_worker(earlier, 4, 5, 1), UserError);
  EXPECT_EQ(threads_per_worker(std::nullopt, 4, 5, 1), 4);
  EXPECT_EQ(threads_per_worker(std::nullopt, std::nullopt, 5, 1), 5);
  EXPECT_GE(threads_per_worker(std::nullopt, std::nullopt, std::nullopt, 1000), 1);
}

TEST(OutputFolderTest, APlanThatIsAPipeIsRefusedWithoutWaiting) {
  const ScratchFolder scratch;
  ASSERT_EQ(::mkfifo((scratch.path() / "plan.json").c_str(), 0644), 0);
  EXPECT_THAT(refusal(scratch.path(), "mine"), HasSubstr("plan.json is no file"));
}

TEST(OutputFolderTest, NothingIsReadOfAPlanThatIsTooLarge) {
  const ScratchFolder scratch;
  std::filesystem::resize_file(scratch.write("plan.json", ""), uintmax_t{257} << 20);
  EXPECT_THAT(refusal(scratch.path(), "mine"), HasSubstr("plan.json: cannot be read: it is larger"));
}

}  // namespace
}  // namespace sslbench
