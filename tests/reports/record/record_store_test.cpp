// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include "reports/record/hdf5/record_table.h"
#include "reports/record/measurement_table.h"
#include "reports/record/record_pack.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/sanitizer.h"
#include "tests/reports/record_equality.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

#ifdef SSLBENCH_UNDER_SANITIZER
// HDF5 1.10 loses an object header when its checksum is wrong, which a test below makes happen.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }
#endif

namespace sslbench {
namespace {

namespace fs = std::filesystem;

TEST(RecordStoreTest, EveryPartOfARecordComesBack) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.status = "failed(oom)";
  record.failure = "detection, step 12: out of memory\nsecond line with \"quotes\" and é";
  record.attempts = 3;
  record.stages[0].curves["odd/name%"] = {{1}, {std::numeric_limits<double>::infinity()}};
  record.stages[1].measurements[0].value = 0.1 + 0.2;
  record.stages[1].revision = "abc-dirty";
  record.stages[2].samples[1].truth_boxes.clear();
  record.stages[2].samples[1].found_mask.clear();
  record.stages[2].samples[0].label = 1;
  record.stages[2].features = {2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  for (const int32_t side : {5, 3}) {
    record.stages[2].samples[0].beside.push_back(sample_picture(side, 4, 9));
    record.stages[2].samples[0].beside.back().label = side;
  }
  write_record(record, folder.path() / "run.h5");
  const Record got = read_record(folder.path() / "run.h5");
  expect_same_head(record, got);
  ASSERT_EQ(got.stages.size(), record.stages.size());
  for (size_t i = 0; i < got.stages.size(); ++i) {
    expect_same_scalars(record.stages[i], got.stages[i]);
    expect_same_series(record.stages[i], got.stages[i]);
  }
}

// Fault matrix: 66
TEST(RecordTableTest, AColumnYoungerThanTheFileMayBeMissingAndNoOther) {
  struct Line {
    int64_t step = 0;
    std::string origin = "not known";
  };
  const Table old{{"step", std::vector<int64_t>{7}}};
  const auto rows = from_table<Line>(old, {{"step", &Line::step}, {"origin", &Line::origin, 8, true}}, "old file");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].step, 7);
  EXPECT_EQ(rows[0].origin, "not known");
  EXPECT_THROW(from_table<Line>(old, {{"step", &Line::step}, {"origin", &Line::origin, 8}}, "old file"), UserError);
}

TEST(RecordStoreTest, TheHeadlineLeavesPicturesAndSeriesOut) {
  const ScratchFolder folder;
  const Record record = sample_record();
  write_record(record, folder.path() / "run.h5");
  const Record got = read_record(folder.path() / "run.h5", RecordParts::headline);
  expect_same_head(record, got);
  for (size_t i = 0; i < got.stages.size(); ++i) expect_same_scalars(record.stages[i], got.stages[i]);
  EXPECT_TRUE(got.stages[2].samples.empty());
  EXPECT_TRUE(got.stages[0].curves.empty());
}

TEST(RecordStoreTest, ARunThatFailedBeforeItsFirstStageIsARecord) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages.clear();
  record.question = "";
  record.status = "failed(signal)";
  write_record(record, folder.path() / "run.h5");
  expect_same_head(record, read_record(folder.path() / "run.h5"));
}

TEST(RecordStoreTest, EqualRecordsAreEqualFiles) {
  const ScratchFolder folder;
  write_record(sample_record(), folder.path() / "a.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // HDF5's own time stamps count seconds
  write_record(sample_record(), folder.path() / "b.h5");
  EXPECT_TRUE(read_file(folder.path() / "a.h5") == read_file(folder.path() / "b.h5"));
}

TEST(RecordStoreTest, ATextOfTheFullWidthIsKeptAndALongerOneIsAnError) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages[1].measurements[0].metric = std::string(kTextWidth, 'm');
  record.stages[1].measurements[0].unit = std::string(kShortWidth, 'u');
  write_record(record, folder.path() / "run.h5");
  const Record got = read_record(folder.path() / "run.h5");
  EXPECT_EQ(got.stages[1].measurements[0].metric, std::string(kTextWidth, 'm'));
  EXPECT_EQ(got.stages[1].measurements[0].unit, std::string(kShortWidth, 'u'));
  record.stages[1].measurements[0].unit = std::string(kShortWidth + 1, 'u');
  try {
    write_record(record, folder.path() / "run.h5");
    FAIL() << "no failure";
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::internal);
  }
  EXPECT_EQ(read_record(folder.path() / "run.h5").stages[1].measurements[0].unit, std::string(kShortWidth, 'u'));
}

// Fault matrix: 14
TEST(RecordStoreTest, AFullDiskLeavesTheOldRecordAndNoTemporaryFile) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "run.h5";
  Record record = sample_record();
  write_record(record, file);
  rlimit limit{}, small{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, SIG_IGN);  // so that write() fails with EFBIG, as it does with ENOSPC
  for (const rlim_t bytes : {0, 1, 512, 4096, 16384}) {
    small = {bytes, limit.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    record.row = "changed";
    try {
      write_record(record, file);
      ADD_FAILURE() << "no failure at " << bytes;
    } catch (const RunFailure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::storage);
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_EQ(read_record(file).row, "simclr");
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

// Fault matrix: 20
TEST(RecordStoreTest, ATruncatedRecordIsAnErrorThatNamesTheFile) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "run.h5";
  write_record(sample_record(), file);
  const std::string bytes = read_file(file);
  for (const size_t length : {size_t{0}, size_t{7}, size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
    write_atomically(file, bytes.substr(0, length));
    try {
      read_record(file);
      ADD_FAILURE() << "no error at " << length;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
    }
  }
}

// Fault matrix: 20
TEST(RecordStoreTest, ADamagedMeasurementIsNeverReadAsANumber) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "m.h5";
  Record record = sample_record();
  record.stages.resize(1);
  record.stages[0].measurements = {sample_measurement("simclr", 0, "pretrain", "top1", 0.123456789)};
  EXPECT_EQ(write_measurements({record}, file), 1u);
  const std::string bytes = read_file(file);
  // From byte 48, after the superblock; a stride keeps the test short.
  for (size_t at = 48; at < bytes.size(); at += 97) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x04);
    write_atomically(file, damaged);
    try {
      const auto got = read_measurements(file);
      ASSERT_EQ(got.size(), 1u) << at;
      expect_equal(got[0], record.stages[0].measurements[0]);
    } catch (const UserError&) {
    }
  }
}

// More rows than are packed at once.
TEST(RecordStoreTest, ALongTableComesBack) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages.resize(1);
  std::vector<Measurement>& rows = record.stages[0].measurements;
  for (int i = 0; i < 20'000; ++i) rows.push_back(sample_measurement("simclr", 0, "pretrain", std::to_string(i), i));
  write_measurements({record}, folder.path() / "m.h5");
  const std::vector<Measurement> got = read_measurements(folder.path() / "m.h5");
  ASSERT_EQ(got.size(), rows.size());
  for (size_t i = 0; i < got.size(); i += 37) expect_equal(got[i], rows[i]);
  expect_equal(got.back(), rows.back());
}

TEST(RecordStoreTest, JsonThatNestsWithoutEndIsRefused) {
  const ScratchFolder folder;
  Record record = sample_record();
  for (int depth = 0; depth < 40; ++depth) record.facts = {{"[{", record.facts}};
  write_record(record, folder.path() / "run.h5");
  EXPECT_EQ(read_record(folder.path() / "run.h5").facts, record.facts);
  for (int depth = 0; depth < 40; ++depth) record.facts = nlohmann::json::array({record.facts});
  write_record(record, folder.path() / "run.h5");
  EXPECT_THROW(read_record(folder.path() / "run.h5"), UserError);
}

TEST(RecordStoreTest, AFileOfAnotherKindIsAnError) {
  const ScratchFolder folder;
  write_measurements({}, folder.path() / "m.h5");
  EXPECT_THROW(read_record(folder.path() / "m.h5"), UserError);
  EXPECT_THROW(read_record(folder.path() / "missing.h5"), UserError);
  EXPECT_THROW(read_record(folder.path()), UserError);
  EXPECT_TRUE(read_measurements(folder.path() / "m.h5").empty());
}

TEST(RecordStoreTest, AnUndefinedValueKeepsItsReason) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages[2].measurements.push_back(undefined_measurement("simclr", 0, "detection", "ap50/rare"));
  write_record(record, folder.path() / "run.h5");
  const Measurement got = read_record(folder.path() / "run.h5").stages[2].measurements.back();
  EXPECT_TRUE(std::isnan(got.value));
  EXPECT_EQ(got.reason, "no box of this class in the test images");
  EXPECT_EQ(unpack_record(pack_record(record), "run.h5").stages[2].measurements.back().reason, got.reason);
}

// What builds before the column `reason` wrote.
Table without_reasons(const std::vector<const Measurement*>& rows) {
  Table table = measurement_table(rows);
  std::erase_if(table, [](const TableColumn& column) { return column.name == "reason"; });
  return table;
}

TEST(MeasurementTableTest, MinusOneOfAnOlderFileIsUndefinedAndNothingElseIs) {
  const Measurement ap = sample_measurement("a", 0, "detection", "ap50/rare", -1),
                    top1 = sample_measurement("a", 0, "linear_probe", "top1", 0.5);
  Measurement joules = sample_measurement("a", 0, "pretrain", "energy", -1);
  joules.unit = "J";
  const auto got = measurements_of(without_reasons({&ap, &top1, &joules}), "old.h5");
  ASSERT_EQ(got.size(), 3u);
  EXPECT_TRUE(std::isnan(got[0].value) && got[0].undefined());
  EXPECT_EQ(got[1].value, 0.5);
  EXPECT_FALSE(got[1].undefined());
  EXPECT_EQ(got[2].value, -1);
  EXPECT_EQ(measurements_of(measurement_table({&ap}), "new.h5")[0].value, -1)
      << "whoever has the column says so itself";
}

}  // namespace
}  // namespace sslbench
