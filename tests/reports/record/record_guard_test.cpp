// SPDX-License-Identifier: Apache-2.0
// Files that are no records, and readers that come to harm.
#include "reports/record/hdf5/record_guard.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <new>

#include "reports/page/report_folder.h"
#include "suites/ground/error.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// Ten files that are no records; one good one beside them.
std::vector<std::string> damaged_contents(const std::string& good) {
  std::string flipped = good, longer = good + "x", other = good;
  for (size_t i = good.size() / 2; i < good.size() / 2 + 200; ++i) flipped[i] = static_cast<char>(~flipped[i]);
  other.replace(good.find("sslbench.record/1"), 17, "sslbench.record/9");
  std::string header = good;
  header[8] = 9;
  return {"",
          "no HDF5",
          good.substr(0, 40),
          good.substr(0, good.size() / 2),
          good.substr(0, good.size() - 1),
          flipped,
          longer,
          other,
          header,
          std::string(4096, '\xFF')};
}

// Fault matrix: 57
TEST(HostileRecordsTest, EachIsRefusedWithOneLineAndTheRestIsReported) {
  const ScratchFolder folder;
  std::vector<Record> records = three_records();
  for (int64_t seed = 1; seed <= 10; ++seed) records.push_back(sample_record("simclr", seed));
  write_results(folder.path(), records);
  const std::string good = read_file(folder.path() / "runs" / "simclr-s0-0123456789ab.h5");
  const std::vector<std::string> contents = damaged_contents(good);
  for (size_t i = 0; i < contents.size(); ++i) {
    write_atomically(folder.path() / "runs" / ("simclr-s" + std::to_string(i + 1) + "-0123456789ab.h5"), contents[i]);
  }
  const ReportOutcome outcome = report_folder({folder.path()}, "");
  EXPECT_EQ(outcome.refused.size(), 10u);
  EXPECT_EQ(outcome.failures, 10);
  for (const std::string& line : outcome.refused) {
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_NE(line.find("-0123456789ab.h5"), std::string::npos) << line;
  }
  EXPECT_NE(read_file(outcome.report).find("| `supervised` |"), std::string::npos);
}

// Fault matrix: 20
TEST(RecordGuardTest, WhatEndsTheChildIsRefusedAndTheOthersPass) {
  const std::vector<fs::path> files{"good", "crash", "crash", "wrong", "large", "long", "crash", "good"};
  const std::string lines(3 << 20, 'x');
  RecordGuard guard(files, [&](size_t index) -> std::string {
    const fs::path& file = files[index];
    if (file == "crash") std::abort();
    if (file == "large") throw std::bad_alloc();
    if (file == "wrong") throw UserError("no\nrecord");
    return file == "long" ? lines : "read " + std::to_string(index);
  });
  for (size_t i = 0; i < files.size(); ++i) {
    std::string heard;
    try {
      heard = guard.take();
    } catch (const UserError& error) {
      heard = std::string("refused: ") + error.what();
    }
    EXPECT_EQ(heard.find('\n'), std::string::npos) << heard;
    if (files[i] == "good") EXPECT_EQ(heard, "read " + std::to_string(i));
    if (files[i] == "long") EXPECT_TRUE(heard == lines);
    if (files[i] == "wrong") EXPECT_EQ(heard, "refused: no record");
    if (files[i] == "crash") EXPECT_THAT(heard, testing::StartsWith("refused: crash is not a record"));
    if (files[i] == "large") EXPECT_THAT(heard, testing::HasSubstr("more than 1 GiB"));
  }
}

TEST(RecordGuardTest, WithoutAProcessAFileIsRefusedAndTheNextIsTriedAgain) {
  rlimit limit{}, none{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  none = {0, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);  // no pipe
  RecordGuard guard({"a", "b"}, [](size_t) { return "read"; });
  EXPECT_THROW(guard.take(), UserError);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(guard.take(), "read");
}

// Fault matrix: 41
TEST(HostileRecordsTest, APipeInPlaceOfARecordDoesNotHoldTheReport) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  const fs::path file = folder.path() / "runs" / "simclr-s0-0123456789ab.h5";
  fs::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(report_folder({folder.path()}, "").refused.size(), 1u);
}

}  // namespace
}  // namespace sslbench
