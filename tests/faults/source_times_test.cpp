// SPDX-License-Identifier: Apache-2.0
// scripts/source-times: a build tree goes on in a new checkout, and only what changed is compiled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(SourceTimesTest, GivesWhatIsAsItWasItsOldTimeAndLeavesTheRest) {
  const ScratchFolder folder;
  const fs::path root = folder.path(), script = root / "scripts/source-times";
  folder.write("scripts/source-times", read_file(SSLBENCH_SOURCE_DIR "/scripts/source-times"));
  const fs::path same = folder.write("same.cpp", "a"), other = folder.write("other.cpp", "b");
  fs::create_directories(root / "build/release");
  ASSERT_EQ(run_program({"git", "init", "-q", root}).code, 0);
  ASSERT_EQ(run_program({"git", "-C", root, "add", "scripts", "same.cpp", "other.cpp"}).code, 0);
  const auto before = fs::last_write_time(same) - std::chrono::hours(1);
  for (const fs::path& file : {same, other}) fs::last_write_time(file, before);
  ASSERT_EQ(run_program({"python3", script, "keep"}).code, 0);
  folder.write("same.cpp", "a");
  folder.write("other.cpp", "B");
  const auto now = fs::last_write_time(other);
  const Ending given = run_program({"python3", script, "give"});
  EXPECT_THAT(given.output, HasSubstr("1 of 3 files differ"));
  EXPECT_EQ(fs::last_write_time(same), before);
  EXPECT_EQ(fs::last_write_time(other), now);
  const Ending nothing = run_program({"python3", script, "give", "debug"});
  EXPECT_EQ(nothing.code, 0) << nothing.errors;
  EXPECT_THAT(nothing.output, HasSubstr("no earlier build"));
  const Ending unknown = run_program({"python3", script, "forget"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("expected keep or give"));
}

}  // namespace
}  // namespace sslbench
