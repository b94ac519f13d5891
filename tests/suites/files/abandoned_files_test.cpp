// SPDX-License-Identifier: Apache-2.0
#include "suites/files/abandoned_files.h"

#include <gtest/gtest.h>

#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(AbandonedFilesTest, TemporariesOfTheTargetGoAndNothingElse) {
  const ScratchFolder folder;
  const AtomicFile unpublished(folder.path() / "a.h5"), other(folder.path() / "b.h5");
  std::ofstream(unpublished.temporary()) << "half";
  std::ofstream(other.temporary()) << "half";
  folder.write("a.h5", "whole");
  folder.write(".lock", "pid 1");
  folder.write("notes.tmp", "a person's");
  remove_abandoned(folder.path(), {"a", "c"});
  EXPECT_FALSE(std::filesystem::exists(unpublished.temporary()));
  EXPECT_TRUE(std::filesystem::exists(other.temporary()));
  remove_abandoned(folder.path());
  EXPECT_FALSE(std::filesystem::exists(other.temporary()));
  for (const char* kept : {"a.h5", ".lock", "notes.tmp"}) EXPECT_TRUE(std::filesystem::exists(folder.path() / kept));
  remove_abandoned(folder.path() / "nowhere");
  remove_abandoned(folder.path() / "nowhere", {"a"});
}

}  // namespace
}  // namespace sslbench
