// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/process.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/runner/programs.h"
#include "suites/runner/signals.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

ProcessEnd wait_for(pid_t pid) {
  std::optional<ProcessEnd> end;
  while (!(end = poll_process(pid))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return *end;
}

TEST(ProcessTest, CommandReturnsItsOutputAndCode) {
  const CommandResult result = run_command({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.end.code, 3);
}

TEST(ProcessTest, CommandThatDoesNotAnswerInTimeIsKilledWithWhatItStarted) {
  const ScratchFolder folder;
  const std::string pid = (folder.path() / "pid").string();
  const auto patience = std::chrono::seconds(60);
  EXPECT_EQ(run_command({"/bin/sh", "-c", "exit 3"}, patience)->end.code, 3);
  EXPECT_FALSE(run_command({"/bin/sh", "-c", "sleep 600 & echo $! > " + pid + "; wait"}, std::chrono::seconds(2)));
  const int child = std::stoi(read_file(pid));
  const auto gone = [&] {
    return ::kill(child, 0) != 0 ||
           read_file("/proc/" + std::to_string(child) + "/stat").find(") Z") != std::string::npos;
  };
  while (!gone()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

TEST(ProcessTest, ChildHasItsOwnGroupAndNoBlockedSignals) {
  const ScratchFolder folder;
  const SignalWait blocked;  // blocks SIGTERM here
  const pid_t pid = start_process({{"/bin/sleep", "60"}, {}, folder.path() / "out", folder.path() / "out"});
  EXPECT_EQ(::getpgid(pid), pid);
  EXPECT_FALSE(poll_process(pid).has_value());
  signal_group(pid, SIGTERM);
  EXPECT_EQ(wait_for(pid).signal, SIGTERM);
}

TEST(ProcessTest, EnvironmentIsAddedOverOurs) {
  const ScratchFolder folder;
  ::setenv("SSLBENCH_TEST_VARIABLE", "old", 1);
  const auto out = folder.path() / "out";
  wait_for(start_process({{"/usr/bin/env"}, {{"SSLBENCH_TEST_VARIABLE", "new"}}, out, out}));
  ::unsetenv("SSLBENCH_TEST_VARIABLE");
  std::ifstream in(out);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_THAT(text, HasSubstr("SSLBENCH_TEST_VARIABLE=new\n"));
  EXPECT_EQ(text.find("=old"), std::string::npos);
}

TEST(ProcessTest, MissingProgramAndUnwritableLogAreNamed) {
  const ScratchFolder folder;
  EXPECT_THROW(start_process({{"/absent"}, {}, folder.path() / "o", folder.path() / "o"}), UserError);
  EXPECT_THROW(start_process({{"/bin/true"}, {}, "/proc/absent", "/proc/absent"}), RunFailure);
}

TEST(ProgramsTest, SuiteIsFoundByPathAndByName) {
  const ScratchFolder folder;
  const auto file = folder.write("suites/own.toml", "# Why?\n");
  EXPECT_EQ(find_suite(file.string()), file);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_EQ(find_suite("own").filename(), "own.toml");
  EXPECT_EQ(find_suite("own.toml").filename(), "own.toml");
  EXPECT_THROW(find_suite("onw"), UserError);
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace sslbench
