// SPDX-License-Identifier: Apache-2.0
#include "reports/record_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include "reports/record_table.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"
#include "suites/spec/sanitizer.h"
#include "tests/reports/sample_record.h"

#ifdef SSLBENCH_UNDER_SANITIZER
// HDF5 1.10 loses an object header when its checksum is wrong, which a test below makes happen.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }
#endif

namespace sslbench {
namespace {

namespace fs = std::filesystem;

void expect_equal(const Measurement& a, const Measurement& b) {
  EXPECT_EQ(a.suite, b.suite);
  EXPECT_EQ(a.dataset, b.dataset);
  EXPECT_EQ(a.method, b.method);
  EXPECT_EQ(a.backbone, b.backbone);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.stage, b.stage);
  EXPECT_EQ(a.protocol, b.protocol);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.metric, b.metric);
  EXPECT_EQ(a.split, b.split);
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.unit, b.unit);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.n, b.n);
  EXPECT_EQ(a.run, b.run);
}

void expect_equal(const std::vector<SampleBox>& a, const std::vector<SampleBox>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::tie(a[i].x0, a[i].y0, a[i].x1, a[i].y1), std::tie(b[i].x0, b[i].y0, b[i].x1, b[i].y1));
    EXPECT_EQ(std::tie(a[i].label, a[i].score), std::tie(b[i].label, b[i].score));
  }
}

void expect_equal(const SamplePicture& a, const SamplePicture& b) {
  EXPECT_EQ(std::tie(a.height, a.width, a.image, a.label), std::tie(b.height, b.width, b.image, b.label));
}

void expect_equal(const Sample& a, const Sample& b) {
  expect_equal(static_cast<const SamplePicture&>(a), static_cast<const SamplePicture&>(b));
  ASSERT_EQ(a.beside.size(), b.beside.size());
  for (size_t i = 0; i < a.beside.size(); ++i) expect_equal(a.beside[i], b.beside[i]);
  EXPECT_EQ(std::tie(a.truth_mask, a.found_mask), std::tie(b.truth_mask, b.found_mask));
  expect_equal(a.truth_boxes, b.truth_boxes);
  expect_equal(a.found_boxes, b.found_boxes);
}

void expect_same_scalars(const StageRecord& a, const StageRecord& b) {
  EXPECT_EQ(std::tie(a.name, a.plugin, a.key, a.status), std::tie(b.name, b.plugin, b.key, b.status));
  EXPECT_EQ(std::tie(a.wall_seconds, a.cpu_seconds, a.setup_seconds, a.images, a.images_per_second),
            std::tie(b.wall_seconds, b.cpu_seconds, b.setup_seconds, b.images, b.images_per_second));
  EXPECT_EQ(std::tie(a.peak_process_bytes, a.peak_tensor_bytes, a.peak_device_bytes, a.energy_joules, a.taken_from),
            std::tie(b.peak_process_bytes, b.peak_tensor_bytes, b.peak_device_bytes, b.energy_joules, b.taken_from));
  EXPECT_EQ(a.revision, b.revision);
  ASSERT_EQ(a.measurements.size(), b.measurements.size());
  for (size_t i = 0; i < a.measurements.size(); ++i) expect_equal(a.measurements[i], b.measurements[i]);
}

void expect_same_series(const StageRecord& a, const StageRecord& b) {
  ASSERT_EQ(a.curves.size(), b.curves.size());
  for (const auto& [name, curve] : a.curves) {
    EXPECT_EQ(curve.step, b.curves.at(name).step) << name;
    EXPECT_EQ(curve.value, b.curves.at(name).value) << name;
  }
  EXPECT_EQ(a.replicates, b.replicates);
  ASSERT_EQ(a.hashes.size(), b.hashes.size());
  for (size_t i = 0; i < a.hashes.size(); ++i) {
    EXPECT_EQ(std::tie(a.hashes[i].step, a.hashes[i].state), std::tie(b.hashes[i].step, b.hashes[i].state));
  }
  EXPECT_EQ(a.class_names, b.class_names);
  ASSERT_EQ(a.samples.size(), b.samples.size());
  for (size_t i = 0; i < a.samples.size(); ++i) expect_equal(a.samples[i], b.samples[i]);
}

void expect_same_head(const Record& a, const Record& b) {
  EXPECT_EQ(std::tie(a.suite, a.question, a.row, a.method, a.backbone, a.dataset, a.run),
            std::tie(b.suite, b.question, b.row, b.method, b.backbone, b.dataset, b.run));
  EXPECT_EQ(std::tie(a.seed, a.status, a.failure, a.attempts), std::tie(b.seed, b.status, b.failure, b.attempts));
  EXPECT_EQ(std::tie(a.requested, a.effective, a.facts, a.environment),
            std::tie(b.requested, b.effective, b.facts, b.environment));
  EXPECT_EQ(a.stages.size(), b.stages.size());
}

TEST(RecordStoreTest, EveryPartOfARecordComesBack) {
  const TestFolder folder("store");
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
  const TestFolder folder("store");
  const Record record = sample_record();
  write_record(record, folder.path() / "run.h5");
  const Record got = read_record(folder.path() / "run.h5", RecordParts::headline);
  expect_same_head(record, got);
  for (size_t i = 0; i < got.stages.size(); ++i) expect_same_scalars(record.stages[i], got.stages[i]);
  EXPECT_TRUE(got.stages[2].samples.empty());
  EXPECT_TRUE(got.stages[0].curves.empty());
}

TEST(RecordStoreTest, ARunThatFailedBeforeItsFirstStageIsARecord) {
  const TestFolder folder("store");
  Record record = sample_record();
  record.stages.clear();
  record.question = "";
  record.status = "failed(signal)";
  write_record(record, folder.path() / "run.h5");
  expect_same_head(record, read_record(folder.path() / "run.h5"));
}

TEST(RecordStoreTest, EqualRecordsAreEqualFiles) {
  const TestFolder folder("store");
  write_record(sample_record(), folder.path() / "a.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // HDF5's own time stamps count seconds
  write_record(sample_record(), folder.path() / "b.h5");
  EXPECT_TRUE(read_file(folder.path() / "a.h5") == read_file(folder.path() / "b.h5"));
}

TEST(RecordStoreTest, ATextOfTheFullWidthIsKeptAndALongerOneIsAnError) {
  const TestFolder folder("store");
  Record record = sample_record();
  record.stages[1].measurements[0].metric = std::string(kTextWidth, 'm');
  record.stages[1].measurements[0].unit = std::string(kShortWidth, 'u');
  write_record(record, folder.path() / "run.h5");
  const Record got = read_record(folder.path() / "run.h5");
  EXPECT_EQ(got.stages[1].measurements[0].metric, std::string(kTextWidth, 'm'));
  EXPECT_EQ(got.stages[1].measurements[0].unit, std::string(kShortWidth, 'u'));
  record.stages[1].measurements[0].unit += 'u';
  try {
    write_record(record, folder.path() / "run.h5");
    FAIL() << "no failure";
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::internal);
  }
  EXPECT_EQ(read_record(folder.path() / "run.h5").stages[1].measurements[0].unit, std::string(kShortWidth, 'u'));
}

TEST(RecordStoreTest, AFullDiskLeavesTheOldRecordAndNoTemporaryFile) {
  const TestFolder folder("store");
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

TEST(RecordStoreTest, ATruncatedRecordIsAnErrorThatNamesTheFile) {
  const TestFolder folder("store");
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

TEST(RecordStoreTest, ADamagedMeasurementIsNeverReadAsANumber) {
  const TestFolder folder("store");
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

TEST(RecordStoreTest, AFileOfAnotherKindIsAnError) {
  const TestFolder folder("store");
  write_measurements({}, folder.path() / "m.h5");
  EXPECT_THROW(read_record(folder.path() / "m.h5"), UserError);
  EXPECT_THROW(read_record(folder.path() / "missing.h5"), UserError);
  EXPECT_THROW(read_record(folder.path()), UserError);
  EXPECT_TRUE(read_measurements(folder.path() / "m.h5").empty());
}

}  // namespace
}  // namespace sslbench
