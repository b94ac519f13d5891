// SPDX-License-Identifier: Apache-2.0
#include "suites/files/file_in_place.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string refusal(const fs::path& file) {
  try {
    append_in_place(file, "a line\n");
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::storage);
    return failure.what();
  }
  return "written";
}

TEST(FileInPlaceTest, AppendsToAFileAndMakesIt) {
  const ScratchFolder scratch;
  append_in_place(scratch.path() / "log", "one\n");
  append_in_place(scratch.path() / "log", "two\n");
  EXPECT_EQ(read_file(scratch.path() / "log"), "one\ntwo\n");
}

TEST(FileInPlaceTest, ALineThatWasCutShortIsEndedFirst) {
  const ScratchFolder scratch;
  const fs::path log = scratch.write("log", "one\ntw");
  append_in_place(log, "three\n");
  append_in_place(log, "four\n");
  EXPECT_EQ(read_file(log), "one\ntw\nthree\nfour\n");
}

TEST(FileInPlaceTest, LeavesTheTargetOfALinkAlone) {
  const ScratchFolder scratch;
  const fs::path precious = scratch.write("precious", "mine");
  fs::create_symlink(precious, scratch.path() / "soft");
  fs::create_symlink(scratch.path() / "nowhere", scratch.path() / "dangling");
  fs::create_hard_link(precious, scratch.path() / "hard");
  EXPECT_THAT(refusal(scratch.path() / "soft"), HasSubstr("is a symbolic link"));
  EXPECT_THAT(refusal(scratch.path() / "dangling"), HasSubstr("is a symbolic link"));
  EXPECT_THAT(refusal(scratch.path() / "hard"), HasSubstr("several names"));
  EXPECT_EQ(read_file(precious), "mine");
  EXPECT_FALSE(fs::exists(scratch.path() / "nowhere"));
}

TEST(FileInPlaceTest, DoesNotWaitForAPipe) {
  const ScratchFolder scratch;
  ASSERT_EQ(::mkfifo((scratch.path() / "pipe").c_str(), 0644), 0);
  EXPECT_THAT(refusal(scratch.path() / "pipe"), HasSubstr("pipe"));
  std::string holder;
  EXPECT_THROW(FileLock::try_take(scratch.path() / "pipe", holder), RunFailure);
  EXPECT_FALSE(FileLock::is_held(scratch.path() / "pipe", holder));
}

TEST(FileInPlaceTest, AFolderThatIsALinkIsRefused) {
  const ScratchFolder scratch;
  fs::create_directory(scratch.path() / "folder");
  fs::create_symlink(scratch.path() / "folder", scratch.path() / "link");
  EXPECT_NO_THROW(expect_no_link(scratch.path() / "folder"));
  EXPECT_NO_THROW(expect_no_link(scratch.path() / "missing"));
  EXPECT_THROW(expect_no_link(scratch.path() / "link"), UserError);
}

TEST(FileLockTest, LeavesTheTargetOfASymlinkAlone) {
  const ScratchFolder scratch;
  const fs::path precious = scratch.write("precious", "mine");
  fs::create_symlink(precious, scratch.path() / ".lock");
  std::string holder;
  EXPECT_THROW(FileLock::try_take(scratch.path() / ".lock", holder), RunFailure);
  EXPECT_FALSE(FileLock::is_held(scratch.path() / ".lock", holder));
  EXPECT_EQ(read_file(precious), "mine");
}

TEST(FileLockTest, NamesItsHolder) {
  const ScratchFolder scratch;
  std::string holder;
  const auto first = FileLock::try_take(scratch.path() / ".lock", holder);
  ASSERT_TRUE(first);
  EXPECT_FALSE(FileLock::try_take(scratch.path() / ".lock", holder));
  EXPECT_THAT(holder, HasSubstr("pid " + std::to_string(::getpid())));
}

}  // namespace
}  // namespace sslbench
