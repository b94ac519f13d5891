// SPDX-License-Identifier: Apache-2.0
// Records while others write and read beside: each is there once and whole.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

Record small_record(int64_t seed, double top1) {
  Record record = sample_record("simclr", seed, top1);
  record.stages.resize(2);
  for (StageRecord& stage : record.stages) stage.samples.clear(), stage.replicates.clear();
  return record;
}

// Fault matrix: 31
TEST(RecordPublishTest, AReaderSeesTheOldRecordOrTheNewOne) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "run.h5";
  const Record first = small_record(0, 0.25), second = small_record(0, 0.75);
  write_record(first, file);
  std::atomic<bool> ended{false};
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) write_record(i % 2 == 0 ? second : first, file);
    ended = true;
  });
  int64_t reads = 0, seen[2] = {0, 0};
  while (!ended || reads < 20) {
    ++reads;
    const double value = read_record(file).stages.at(1).measurements.at(0).value;
    const double low = first.stages[1].measurements[0].value, high = second.stages[1].measurements[0].value;
    EXPECT_TRUE(value == low || value == high) << value;
    ++seen[value == high];
  }
  writer.join();
  EXPECT_GT(reads, 0);
  EXPECT_EQ(all_files(folder.path()).size(), 1u) << "a temporary file stayed";
}

// Fault matrix: 26
TEST(RecordPublishTest, TwoProcessesLoseNoneOfTheirRecords) {
  constexpr int kEach = 300;
  const ScratchFolder folder;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < 2; ++writer) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      for (int i = 0; i < kEach; ++i) {
        const int seed = writer * kEach + i;
        write_record(small_record(seed, 0.5), folder.path() / "runs" / (std::to_string(seed) + ".h5"));
      }
      ::_exit(0);
    }
    writers.push_back(pid);
  }
  for (const pid_t pid : writers) {
    int status = -1;
    ::waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(all_files(folder.path()).size(), 2u * kEach);
  for (int seed = 0; seed < 2 * kEach; ++seed) {
    EXPECT_EQ(read_record(folder.path() / "runs" / (std::to_string(seed) + ".h5")).seed, seed);
  }
}

}  // namespace
}  // namespace sslbench
