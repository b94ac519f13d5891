// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/memory/out_of_memory.h"

#include <gtest/gtest.h>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(OutOfMemoryTest, CountsTheKillsOfItsOwnGroup) {
  const ScratchFolder root;
  root.write("proc/vmstat", "nr_free_pages 1\noom_kill 40\n");
  EXPECT_EQ(out_of_memory_kills(root.path()), 40) << "no group: the machine's";
  root.write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/jobs/1\n3:cpuset:/\n0::/\n");
  root.write("sys/fs/cgroup/memory/jobs/1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
  EXPECT_EQ(out_of_memory_kills(root.path()), 3) << "version 1";
  root.write("proc/self/cgroup", "0::/jobs/2\n");
  root.write("sys/fs/cgroup/jobs/2/memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 5\n");
  EXPECT_EQ(out_of_memory_kills(root.path()), 5) << "version 2";
  EXPECT_EQ(out_of_memory_kills(root.path() / "nowhere"), 0);
}

TEST(OutOfMemoryTest, KnowsTheLastWordsOfLibraries) {
  for (const char* words :
       {"  what():  std::bad_alloc", "internal error: std::bad_alloc",
        "error while loading shared libraries: libtorch_cpu.so: failed to map segment from shared object",
        "error while loading shared libraries: libc10.so: cannot allocate memory in static TLS block",
        "could not create a primitive", "failed(internal) in stage 'knn': could not create a primitive\n",
        "cannot build the HDF5 record at /: unable to allocate memory block of 1048576 bytes",
        "libgomp: Thread creation failed: Resource temporarily unavailable",
        "[enforce fail at alloc_cpu.cpp:75] . DefaultCPUAllocator: not enough memory: you tried to allocate 8 "
        "bytes."}) {
    EXPECT_TRUE(tells_of_lack_of_memory(words)) << words;
  }
  EXPECT_FALSE(tells_of_lack_of_memory("internal error: split without a name"));
  EXPECT_FALSE(tells_of_lack_of_memory("could not create a primitive descriptor for a convolution"));
  EXPECT_FALSE(tells_of_lack_of_memory(""));
}

}  // namespace
}  // namespace sslbench
