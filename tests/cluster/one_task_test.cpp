// SPDX-License-Identifier: Apache-2.0
// `sslbench run --spec`, as every scheduler starts it: by itself, in a folder of many runs.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <regex>
#include <set>

#include "suites/files/file_lock.h"
#include "suites/runner/programs.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

// What `submit` left of one row's first seed.
fs::path spec_of(const TinySuite& suite, const std::string& row) {
  for (const auto& entry : fs::directory_iterator(suite.out / "work")) {
    if (entry.path().filename().string().starts_with(row + "-s0-")) return entry.path() / "runspec.json";
  }
  return {};
}

void plan_runs(const TinySuite& suite, const std::string& seeds) {
  const Ending end = suite.sslbench({"submit", suite.suite().string(), "-o", suite.out.string(), "--to", "list",
                                     "--seeds", seeds, "--set", "pretrain.checkpoint_seconds=30"});
  ASSERT_EQ(end.code, 0) << end.errors;
}

// Names below `out` that a trace of strace opened, a temporary one as the name it is renamed to.
std::set<std::string> opened_below(const fs::path& out, const fs::path& trace) {
  static const std::regex kTemporary(R"(\.(.+)\.[0-9]+-[0-9a-f]{16}\.tmp$)");
  const std::string start = "\"" + out.string() + "/";
  std::set<std::string> names;
  std::ifstream in(trace);
  for (std::string line; std::getline(in, line);) {
    const size_t at = line.find(start);
    if (at == std::string::npos || line.find("= -1") != std::string::npos) continue;
    const size_t from = at + start.size();
    names.insert(std::regex_replace(line.substr(from, line.find('"', from) - from), kTemporary, "$1"));
  }
  return names;
}

TEST(OneTaskTest, OpensFewFilesHoweverManyRunsTheFolderHolds) {
  if (program_on_path("strace").empty()) GTEST_SKIP() << "not run: strace is not installed";
  const TinySuite suite;
  plan_runs(suite, "0..99");
  ASSERT_THAT(std::vector<fs::directory_entry>(fs::directory_iterator(suite.out / "work"), {}), SizeIs(300));
  const fs::path spec = spec_of(suite, "simclr"), trace = suite.folder() / "trace";
  const std::string run = spec.parent_path().filename();
  std::vector<std::string> command = suite.command({"run", "--spec", spec.string()});
  command.insert(command.begin(), {"strace", "-f", "-qq", "-e", "trace=open,openat,creat", "-o", trace.string()});
  const Ending end = run_program(command, suite.around);
  ASSERT_EQ(end.code, 0) << end.errors;
  std::set<std::string> others = opened_below(suite.out, trace);
  EXPECT_LT(others.size(), 20u);
  EXPECT_TRUE(others.contains("runs/" + run + ".h5")) << "the trace is whole";
  std::erase_if(others, [&](const std::string& name) {
    return name.starts_with("work/" + run) || name.starts_with("runs/" + run) || name == "runs";
  });
  EXPECT_THAT(others, IsEmpty()) << "no plan, and nothing of another run";
}

// A task that is put back after its run ended, a second launcher line, a script that is handed in once more.
TEST(OneTaskTest, WhatIsDoneStaysDoneWhenItsSpecIsGone) {
  const TinySuite suite;
  plan_runs(suite, "0");
  const std::string spec = spec_of(suite, "random_init").string();
  ASSERT_EQ(suite.sslbench({"run", "--spec", spec}).code, 0);
  ASSERT_FALSE(fs::exists(spec));
  const Ending again = suite.sslbench({"run", "--spec", spec});
  EXPECT_EQ(again.code, 0) << again.errors;
  EXPECT_THAT(again.errors, HasSubstr("done already (ok)"));
  fs::remove(suite.record_file("random_init"));
  EXPECT_EQ(suite.sslbench({"run", "--spec", spec}).code, 2) << "without a record nothing is done";
}

TEST(OneTaskTest, NeedsNoLockOfTheFolder) {
  const TinySuite suite;
  plan_runs(suite, "0");
  std::string holder;
  const auto lock = FileLock::try_take(suite.out / ".lock", holder);
  ASSERT_TRUE(lock);
  EXPECT_EQ(suite.sslbench({"run", "--spec", spec_of(suite, "random_init").string()}).code, 0);
  EXPECT_EQ(suite.sslbench({"run", suite.suite().string(), "-o", suite.out.string()}).code, 2);
}

class OneTaskSignalTest : public ::testing::TestWithParam<int> {};

// Fault matrix: 4, 7
TEST_P(OneTaskSignalTest, SavesWithExitCode75AndTheSameCommandGoesOnToTheSameState) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  const auto undisturbed = state_hashes(suite.record("simclr"));
  suite.out = suite.folder() / "disturbed";
  plan_runs(suite, "0");
  const std::string spec = spec_of(suite, "simclr").string();
  {
    Program run(suite.command({"run", "--spec", spec}), suite.around);
    // The first words of progress: pretraining is under way, long before its last step.
    ASSERT_TRUE(eventually(60, [&] { return fs::exists(fs::path(spec).parent_path() / "pretrain.curves.log"); }));
    run.signal(GetParam());
    EXPECT_EQ(run.wait().code, 75);
  }
  const int64_t saved = newest_step(suite.work_folder("simclr"));
  EXPECT_GT(saved, 0);
  EXPECT_LT(saved, 80) << "the signal came too late to test anything";
  const Ending end = suite.sslbench({"run", "--spec", spec});
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(state_hashes(suite.record("simclr")), undisturbed);
  EXPECT_EQ(suite.record("simclr").attempts, 1);
}

INSTANTIATE_TEST_SUITE_P(Signals, OneTaskSignalTest, ::testing::Values(SIGTERM, SIGUSR1),
                         [](const auto& info) { return std::string(::sigabbrev_np(info.param)); });

}  // namespace
}  // namespace sslbench
