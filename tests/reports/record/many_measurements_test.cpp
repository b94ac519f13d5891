// SPDX-License-Identifier: Apache-2.0
// Work grows with the measurements of a record, not with their square; and how many there may be is bounded.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <functional>

#include "reports/comparison/comparison.h"
#include "reports/history/snapshot_comparison.h"
#include "reports/record/record_store.h"
#include "tests/datasets/readers/failure.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

Record record_with(int measurements) {
  Record record = sample_record();
  std::vector<Measurement>& of_probe = record.stages[1].measurements;
  for (int i = 0; i < measurements; ++i) {
    of_probe.push_back(sample_measurement("simclr", 0, "linear_probe", "m" + std::to_string(i), 0.5));
  }
  return record;
}

// Whether `work` ends in a minute of processor time; what grew with the square took several.
bool ends(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{60, 60};
    ::setrlimit(RLIMIT_CPU, &limit);
    work();
    ::_exit(0);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(ManyMeasurementsTest, ReportAndComparisonGrowLinearly) {
  const std::vector<Record> records{record_with(200'000)};
  EXPECT_TRUE(ends([&] {
    ComparisonInput input;
    input.planned = {{"simclr", 0, records[0].run}};
    input.records = records;
    const Comparison comparison = compare(std::move(input));
    if (comparison.rows.at(0).cells.size() < 200'000) ::_exit(1);
  }));
  EXPECT_TRUE(ends([&] {
    const Snapshot snapshot = snapshot_of("quickstart", records, {});
    const SnapshotComparison comparison = compare_snapshots(snapshot, snapshot, {});
    if (comparison.cells.size() < 200'000) ::_exit(1);
  }));
}

TEST(ManyMeasurementsTest, ARecordHoldsOnlySoMany) {
  const ScratchFolder folder;
  write_record(record_with(30'000), folder.path() / "run.h5");
  EXPECT_NO_THROW(read_record(folder.path() / "run.h5"));
  write_record(record_with(40'000), folder.path() / "run.h5");
  EXPECT_THAT(user_error([&] { read_record(folder.path() / "run.h5"); }),
              testing::HasSubstr("/measurements has more than 32768 rows"));
}

}  // namespace
}  // namespace sslbench
