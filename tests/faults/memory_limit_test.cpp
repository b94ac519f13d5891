// SPDX-License-Identifier: Apache-2.0
// Too little memory is named as such, wherever it is met: failed(oom), or exit 2 before anything runs.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "suites/ground/sanitizer.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr rlim_t kMegabyte = rlim_t{1} << 20;
[[maybe_unused]] constexpr const char* kWhyNotUnderSanitizer =
    "not run: the address sanitizer itself needs more memory than this test allows";

template <class Kind>
class UnderMemoryLimit : public Kind {
 protected:
  void SetUp() override {
#ifdef SSLBENCH_UNDER_SANITIZER
    GTEST_SKIP() << kWhyNotUnderSanitizer;
#endif
  }
  TinySuite suite_;
};

class MemoryLimitTest : public UnderMemoryLimit<::testing::TestWithParam<int>> {};

class ReportMemoryTest : public UnderMemoryLimit<::testing::Test> {};

// Fault matrix: 37
TEST_P(MemoryLimitTest, OfFrontEndAndWorkerIsNoInternalError) {
  suite_.around.limits = {{RLIMIT_AS, static_cast<rlim_t>(GetParam()) * kMegabyte}, {RLIMIT_CORE, 0}};
  const Ending fresh = suite_.run({"--only", "r*"});
  EXPECT_THAT(fresh.code, AnyOf(0, 2, 3)) << fresh.errors;
  if (fresh.code == 2) EXPECT_THAT(fresh.errors, HasSubstr("memory"));
  // What the check would find is known now: the worker itself meets the limit.
  const rlim_t kept = suite_.around.limits[0].second;
  suite_.around.limits.clear();
  ASSERT_EQ(suite_.sslbench({"plan", "--no-calibrate", suite_.suite().string()}).code, 0);
  suite_.around.limits = {{RLIMIT_AS, kept}, {RLIMIT_CORE, 0}};
  const Ending checked = suite_.run({"--only", "r*"});
  EXPECT_THAT(checked.code, AnyOf(0, 2, 3)) << checked.errors;
  if (checked.code != 3) return;
  EXPECT_EQ(suite_.record("random_init").status, "failed(oom)") << suite_.record("random_init").failure;
}

// HDF5 that could not be started waits for itself when the program ends, unless it is told to leave its end alone.
// Fault matrix: 37
TEST_F(ReportMemoryTest, AReportThatRunsOutOfMemoryEnds) {
  ASSERT_EQ(suite_.run({"--only", "random_init"}).code, 0);
  for (rlim_t megabytes = 80; megabytes <= 104; megabytes += 4) {
    suite_.around.limits = {{RLIMIT_AS, megabytes * kMegabyte}, {RLIMIT_CORE, 0}};
    const Ending end = suite_.sslbench({"report", suite_.out.string()}, 60);
    EXPECT_NE(end.code, 70) << megabytes << " MB: " << end.errors;
  }
}

class NarrowMemoryTest : public MemoryLimitTest {};

// Here the limit is met within libraries that do not say so: oneDNN without memory for its code, a null pointer.
// Fault matrix: 37
TEST_P(NarrowMemoryTest, WhatLibrariesDoWithoutMemoryIsNoInternalError) {
  ASSERT_EQ(suite_.sslbench({"plan", "--no-calibrate", suite_.suite().string()}).code, 0)
      << "the check itself is not what is tested";
  suite_.around.limits = {{RLIMIT_AS, static_cast<rlim_t>(GetParam()) * kMegabyte}, {RLIMIT_CORE, 0}};
  const Ending end = suite_.run({"--only", "s*"});
  EXPECT_THAT(end.code, AnyOf(0, 2, 3)) << end.errors;
  EXPECT_THAT(end.errors, Not(HasSubstr("failed(internal)")));
  for (const char* row : {"simclr", "supervised"}) {
    if (suite_.record_file(row).empty()) continue;
    const Record record = suite_.record(row);
    EXPECT_THAT(record.status, AnyOf("ok", "collapsed", "failed(oom)", "failed(signal)")) << record.failure;
    if (record.status == "failed(signal)") EXPECT_THAT(record.failure, HasSubstr("memory limit"));
  }
}

// A group of processes with a memory limit, in which the kernel kills what goes beyond. Making one needs rights.
class MemoryGroup {
 public:
  explicit MemoryGroup(rlim_t bytes) {
    std::ifstream in("/proc/self/cgroup");
    for (std::string line; std::getline(in, line);) {
      const size_t memory = line.find(":memory:"), second = line.find("::");
      if (memory != std::string::npos)
        make("/sys/fs/cgroup/memory" + line.substr(memory + 8), "memory.limit_in_bytes", bytes);
      if (second != std::string::npos && folder_.empty())
        make("/sys/fs/cgroup" + line.substr(second + 2), "memory.max", bytes);
    }
  }
  ~MemoryGroup() {
    if (!folder_.empty()) ::rmdir(folder_.c_str());
  }
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void make(const std::filesystem::path& parent, const char* limit, rlim_t bytes) {
    const std::filesystem::path group = parent / ("sslbench-test-" + std::to_string(::getpid()));
    if (::mkdir(group.c_str(), 0755) != 0) return;
    if (std::ofstream(group / limit) << bytes << std::flush) {
      folder_ = group;
    } else {
      ::rmdir(group.c_str());
    }
  }
  std::filesystem::path folder_;
};

// Fault matrix: 37
TEST(MemoryGroupTest, AWorkerThatTheKernelKillsIsOutOfMemory) {
  const MemoryGroup group(400 * kMegabyte);
  if (group.folder().empty()) GTEST_SKIP() << "not run: groups with a memory limit cannot be made here";
  const TinySuite suite;
  std::string command = "echo $$ > " + (group.folder() / "cgroup.procs").string() + " && exec";
  // Similarities of 8192 views with each other: several copies of 256 MiB.
  for (const std::string& word : suite.run_command(
           {"--only", "simclr", "--set", "dataset.train_images=4096", "--set", "pretrain.batch_size=4096"})) {
    command += " '" + word + "'";
  }
  const Ending end = run_program({"sh", "-c", command}, suite.around);
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("simclr").status, "failed(oom)") << suite.record("simclr").failure;
  EXPECT_THAT(suite.record("simclr").failure, HasSubstr("killed by signal 9: out of memory"));
}

INSTANTIATE_TEST_SUITE_P(Megabytes, NarrowMemoryTest, ::testing::Range(500, 511));
INSTANTIATE_TEST_SUITE_P(Megabytes, MemoryLimitTest, ::testing::Values(300, 350, 400, 450, 500, 600));

}  // namespace
}  // namespace sslbench
