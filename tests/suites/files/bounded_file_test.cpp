// SPDX-License-Identifier: Apache-2.0
#include "suites/files/bounded_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <system_error>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string refusal(const fs::path& file, uintmax_t most_bytes) {
  try {
    read_regular_file(file, most_bytes);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "read";
}

TEST(BoundedFileTest, ReadsAFileUpToItsLimit) {
  const ScratchFolder scratch;
  const std::string text("a\0b\n", 4);
  EXPECT_EQ(read_regular_file(scratch.write("file", text), 4), text);
  EXPECT_EQ(read_regular_file(scratch.write("empty", ""), 0), "");
  EXPECT_THAT(refusal(scratch.path() / "file", 3), HasSubstr("file: it is larger than such a file can be"));
}

TEST(BoundedFileTest, FollowsALinkToAFile) {
  const ScratchFolder scratch;
  fs::create_symlink(scratch.write("file", "text"), scratch.path() / "link");
  EXPECT_EQ(read_regular_file(scratch.path() / "link", 100), "text");
}

TEST(BoundedFileTest, FilesThatTellNoSizeAreReadToTheirLimit) {
  EXPECT_THAT(read_regular_file("/proc/self/status", 1 << 20), HasSubstr("Pid:"));
  EXPECT_THAT(refusal("/proc/self/status", 10), HasSubstr("larger"));
}

TEST(BoundedFileTest, PipesDevicesAndFoldersAreRefusedWithoutWaiting) {
  const ScratchFolder scratch;
  const fs::path pipe = scratch.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  fs::create_symlink("/dev/zero", scratch.path() / "zero");
  for (const fs::path& file : {pipe, scratch.path() / "zero", scratch.path()}) {
    EXPECT_THAT(refusal(file, 100), HasSubstr(file.string() + ": it is no regular file"));
  }
}

// A hole of a terabyte: nobody has the memory for what it would be read into.
TEST(BoundedFileTest, NothingIsReadOfWhatIsTooLarge) {
  const ScratchFolder scratch;
  const fs::path file = scratch.write("hole", "");
  std::error_code error;
  fs::resize_file(file, uintmax_t{1} << 40, error);
  if (error) GTEST_SKIP() << "no such file can be made here: not run";
  EXPECT_THAT(refusal(file, 1 << 20), HasSubstr("larger"));
}

TEST(BoundedFileTest, AMissingFileSaysSo) {
  const ScratchFolder scratch;
  try {
    read_regular_file(scratch.path() / "absent", 100);
    FAIL() << "read";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

}  // namespace
}  // namespace sslbench
