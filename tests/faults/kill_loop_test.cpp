// SPDX-License-Identifier: Apache-2.0
// scripts/kill-loop: kills at random moments change nothing that lasts.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

Ending kill_loop(const std::vector<std::string>& words, const std::string& program) {
  const ScratchFolder kept;  // where it leaves what it found
  std::vector<std::string> command{(fs::path(SSLBENCH_SOURCE_DIR) / "scripts/kill-loop").string()};
  command.insert(command.end(), words.begin(), words.end());
  return run_program(command, {{}, {{"SSLBENCH", program}, {"TMPDIR", kept.path().string()}}, {}}, 400);
}

// Fault matrix: 1, 11
TEST(KillLoopTest, KillsOfFrontEndAndWorkerAtAnyMomentChangeNothing) {
  const Ending end = kill_loop({"--kills", "12", "--seed", "3"}, program_of_build("sslbench").string());
  EXPECT_EQ(end.code, 0) << end.output << end.errors;
  EXPECT_THAT(end.output, AllOf(HasSubstr("12 kills"), HasSubstr(", 0 differences")));
}

// The loop must be able to fail: a program that trains otherwise each time it is started.
TEST(KillLoopTest, FindsAProgramThatDoesNotEndTheSame) {
  const ScratchFolder folder;
  const std::string real = "\"" + program_of_build("sslbench").string() + "\"";
  const fs::path liar =
      folder.write("liar", "#!/usr/bin/env bash\n[ \"$1\" != run ] || exec " + real +
                               " \"$@\" --set methods.simclr.temperature=0.1$RANDOM\nexec " + real + " \"$@\"\n");
  fs::permissions(liar, fs::perms::owner_all);
  const Ending end = kill_loop({"--kills", "1", "--seed", "1"}, liar.string());
  EXPECT_EQ(end.code, 1) << end.output << end.errors;
  EXPECT_THAT(end.output, HasSubstr("its report, weights or states are not those of the undisturbed run"));
}

}  // namespace
}  // namespace sslbench
