// SPDX-License-Identifier: Apache-2.0
#include "suites/files/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

TEST(AtomicFileTest, ReplacesALinkInsteadOfFollowingIt) {
  const ScratchFolder scratch;
  const fs::path precious = scratch.write("precious", "mine");
  fs::create_symlink(precious, scratch.path() / "plan.json");
  write_atomically(scratch.path() / "plan.json", "{}");
  EXPECT_EQ(read_file(precious), "mine");
  EXPECT_EQ(read_file(scratch.path() / "plan.json"), "{}");
  EXPECT_FALSE(fs::is_symlink(scratch.path() / "plan.json"));
}

// What was written before it had a name that was told from the process: a link could wait there.
TEST(AtomicFileTest, ItsTemporaryNameCannotBeForetold) {
  const ScratchFolder scratch;
  std::set<std::string> names;
  for (int i = 0; i < 100; ++i) {
    const AtomicFile file(scratch.path() / "record.h5");
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(file.temporary()))) << "made at once, and by nobody else";
    const std::string name = file.temporary().filename().string();
    names.insert(name.substr(name.rfind('-')));
    EXPECT_EQ(name.substr(name.rfind('-')).size(), std::string("-0123456789abcdef.tmp").size());
  }
  EXPECT_EQ(names.size(), 100u);
  EXPECT_TRUE(fs::is_empty(scratch.path())) << "what was not published is removed";
}

TEST(AtomicFileTest, GivesTheModeThatTheUserAskedFor) {
  const ScratchFolder scratch;
  const mode_t before = ::umask(027);
  write_atomically(scratch.path() / "file", "x");
  ::umask(before);
  struct stat found {};
  ASSERT_EQ(::stat((scratch.path() / "file").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0640u);
}

}  // namespace
}  // namespace sslbench
