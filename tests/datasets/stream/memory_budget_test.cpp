// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/memory_budget.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class MemoryBudgetTest : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((folder_.path() / file).parent_path());
    std::ofstream(folder_.path() / file) << text;
  }
  ScratchFolder folder_;
};

TEST_F(MemoryBudgetTest, IsHalfOfWhatIsAvailable) {
  write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 10 kB\nMemAvailable:    8000000 kB\n");
  EXPECT_EQ(default_resident_budget(folder_.path()), int64_t{4000000} << 10);
}

TEST_F(MemoryBudgetTest, IsHalfOfWhatTheGroupLeaves) {
  write("proc/meminfo", "MemAvailable:    8000000 kB\n");
  write("sys/fs/cgroup/memory.max", "3000000000\n");
  write("sys/fs/cgroup/memory.current", "1000000000\n");
  EXPECT_EQ(default_resident_budget(folder_.path()), 1000000000);
  write("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(default_resident_budget(folder_.path()), int64_t{4000000} << 10);
}

TEST_F(MemoryBudgetTest, IsNeverBelowItsLeast) {
  EXPECT_EQ(default_resident_budget(folder_.path()), int64_t{256} << 20);
  write("proc/meminfo", "MemAvailable:    1000 kB\n");
  EXPECT_EQ(default_resident_budget(folder_.path()), int64_t{256} << 20);
}

}  // namespace
}  // namespace sslbench
