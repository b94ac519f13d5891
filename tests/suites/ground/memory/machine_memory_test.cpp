// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/memory/machine_memory.h"

#include <gtest/gtest.h>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(MachineMemoryTest, IsTheKernelsOrWhatTheGroupMayTake) {
  const ScratchFolder root;
  EXPECT_FALSE(machine_memory(root.path()).has_value());
  root.write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 10 kB\nMemAvailable:    8000000 kB\n");
  EXPECT_EQ(machine_memory(root.path()), int64_t{16000000} << 10);
  EXPECT_EQ(available_memory(root.path()), int64_t{8000000} << 10);
  root.write("sys/fs/cgroup/memory.max", "max\n");
  root.write("sys/fs/cgroup/memory.current", "1000000000\n");
  EXPECT_EQ(machine_memory(root.path()), int64_t{16000000} << 10);
  root.write("sys/fs/cgroup/memory.max", "3000000000\n");
  EXPECT_EQ(machine_memory(root.path()), 3000000000);
  EXPECT_EQ(available_memory(root.path()), 2000000000);
}

}  // namespace
}  // namespace sslbench
