// SPDX-License-Identifier: Apache-2.0
// A report over many runs. SSLBENCH_REPORT_RUNS=1000 measures what the documentation promises; the test itself is
// small.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "reports/page/report_folder.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

constexpr int kSeeds = 25;  // a row

// Twenty measurements and two metrics with as many replicates as a run has, no pictures but those of the first seed.
Record run_of(int row, int64_t seed) {
  const std::string name = "row" + std::to_string(row);
  Record record = sample_record(name, seed, 0.3 + 0.01 * row + 0.001 * static_cast<double>(seed % 5));
  if (seed > 0) record.stages[2].samples.clear();
  for (StageRecord& stage : record.stages) {
    for (auto& [metric, replicates] : stage.replicates) {
      std::vector<double>& all = replicates.own();
      for (size_t b = 0; b < 800; ++b) all.push_back(all[b % 200]);
    }
  }
  while (record.stages[1].measurements.size() < 17) {
    const std::string metric = "extra" + std::to_string(record.stages[1].measurements.size());
    record.stages[1].measurements.push_back(sample_measurement(name, seed, "linear_probe", metric, 0.5));
  }
  return record;
}

// Fault matrix: 32, 59
TEST(ReportSizeTest, ManyRunsTakeLittleTimeAndMemory) {
  const char* asked = std::getenv("SSLBENCH_REPORT_RUNS");
  const int runs = asked == nullptr ? 50 : std::atoi(asked);
  const ScratchFolder folder;
  {
    std::vector<Record> records;
    for (int i = 0; i < runs; ++i) records.push_back(run_of(i / kSeeds, i % kSeeds));
    write_results(folder.path(), records);
  }
  const auto start = std::chrono::steady_clock::now();
  const ReportOutcome outcome = report_folder({folder.path()}, "", {{"html"}, ""});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(outcome.runs, runs);
  EXPECT_EQ(outcome.failures, 0);
  std::cout << runs << " runs: " << took.count() << " s\n";
  EXPECT_LT(took.count(), 10) << "many times what it takes on an idle core";
}

}  // namespace
}  // namespace sslbench
