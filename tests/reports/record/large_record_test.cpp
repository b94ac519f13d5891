// SPDX-License-Identifier: Apache-2.0
// A run with more metrics and longer curves than anybody reads: the report stays small. SSLBENCH_FULL_FAULTS=1 takes
// curves of ten million points.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "reports/page/report_folder.h"
#include "suites/ground/sanitizer.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

constexpr size_t kMetrics = 10'000;
constexpr uintmax_t kLargest = 1 << 20;  // what GitHub shows of a file

Curve long_curve(int64_t points) {
  Curve out;
  for (int64_t i = 0; i < points; ++i) {
    out.step.push_back(i);
    out.value.push_back(1 + std::sin(static_cast<double>(i) / 1000));
  }
  return out;
}

// The memory that a report takes, in a process of its own: kilobytes.
int64_t report_memory(const fs::path& folder) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    report_folder({folder}, "", {{"html"}, ""});
    ::_exit(0);
  }
  int status = -1;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  EXPECT_EQ(status, 0);
  return usage.ru_maxrss;
}

// Fault matrix: 33
TEST(LargeRecordTest, ManyMetricsAndLongCurvesGiveASmallReport) {
  const int64_t points = std::getenv("SSLBENCH_FULL_FAULTS") != nullptr ? 10'000'000 : 1'000'000;
  const ScratchFolder folder;
  {
    Record record = sample_record("simclr", 0, 0.5);
    record.stages[0].curves["loss"] = long_curve(points);
    auto& measurements = record.stages[1].measurements;
    while (measurements.size() < kMetrics) {
      const std::string metric = "extra" + std::to_string(measurements.size());
      measurements.push_back(sample_measurement("simclr", 0, "linear_probe", metric, 0.5));
    }
    write_results(folder.path(), {record});
  }
  const int64_t kilobytes = report_memory(folder.path());
  std::cout << points << " points: " << kilobytes / 1024 << " MiB\n";
#ifndef SSLBENCH_UNDER_SANITIZER  // which takes memory of its own
  EXPECT_LT(kilobytes, (300 << 10) + points * 64 / 1024) << "bounded by what the curve itself takes";
#endif
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "report/fig")) {
    EXPECT_LT(fs::file_size(entry), kLargest) << entry.path();
  }
  EXPECT_LT(fs::file_size(folder.path() / "report/README.md"), 4 * kLargest);
}

}  // namespace
}  // namespace sslbench
