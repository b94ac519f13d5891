// SPDX-License-Identifier: Apache-2.0
#include "reports/record/curve_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "suites/files/atomic_file.h"
#include "suites/ground/crc32c.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

void write_points(const std::filesystem::path& file, int64_t steps) {
  CurveLog log(file, kAll);
  for (int64_t step = 0; step < steps; ++step) {
    log.append("loss", step, 1.0 / static_cast<double>(step + 1));
    if (step % 3 == 0) log.append("embedding_std", step, static_cast<double>(step));
  }
}

size_t points_in(const std::map<std::string, Curve>& curves) {
  size_t points = 0;
  for (const auto& [name, curve] : curves) points += curve.step.size();
  return points;
}

// Without the fsync that makes write_atomically() too slow for a thousand files.
void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

// True when every curve of `part` is the beginning of the same curve of `whole`.
bool is_prefix(const std::map<std::string, Curve>& part, const std::map<std::string, Curve>& whole) {
  for (const auto& [name, curve] : part) {
    const Curve& full = whole.at(name);
    if (curve.step.size() > full.step.size()) return false;
    if (!std::equal(curve.step.begin(), curve.step.end(), full.step.begin())) return false;
    if (!std::equal(curve.value.begin(), curve.value.end(), full.value.begin())) return false;
  }
  return true;
}

TEST(CurveLogTest, ChecksumIsCastagnolis) { EXPECT_EQ(crc32c("123456789"), 0xE3069283u); }

TEST(CurveLogTest, WhatIsAppendedIsRead) {
  const ScratchFolder folder;
  write_points(folder.path() / "curves.log", 10);
  const auto curves = CurveLog::read(folder.path() / "curves.log");
  ASSERT_EQ(curves.at("loss").step.size(), 10u);
  EXPECT_EQ(curves.at("loss").step[9], 9);
  EXPECT_EQ(curves.at("loss").value[9], 0.1);
  EXPECT_EQ(curves.at("embedding_std").step, (std::vector<int64_t>{0, 3, 6, 9}));
}

// Fault matrix: 21
TEST(CurveLogTest, ALogCutAtAnyByteGivesAnExactPrefix) {
  const ScratchFolder folder;
  const auto file = folder.path() / "curves.log", cut = folder.path() / "cut.log";
  write_points(file, 12);
  const std::string bytes = read_file(file);
  const auto whole = CurveLog::read(file);
  size_t before = 0;
  for (size_t length = 0; length <= bytes.size(); ++length) {
    write_bytes(cut, bytes.substr(0, length));
    const auto part = CurveLog::read(cut);
    ASSERT_TRUE(is_prefix(part, whole)) << length;
    ASSERT_TRUE(points_in(part) == before || points_in(part) == before + 1) << length;
    before = points_in(part);
  }
  EXPECT_EQ(before, points_in(whole));
}

// Fault matrix: 21
TEST(CurveLogTest, ADamagedByteEndsTheLogAtItsRecord) {
  const ScratchFolder folder;
  const auto file = folder.path() / "curves.log";
  write_points(file, 6);
  const std::string bytes = read_file(file);
  const auto whole = CurveLog::read(file);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write_bytes(file, damaged);
    const auto part = CurveLog::read(file);
    ASSERT_TRUE(is_prefix(part, whole)) << at;
    ASSERT_LT(points_in(part), points_in(whole)) << at;
  }
}

TEST(CurveLogTest, ATailOfZeroBytesIsNoRecord) {
  const ScratchFolder folder;
  const auto file = folder.path() / "curves.log";
  write_points(file, 4);
  const auto whole = CurveLog::read(file);
  write_bytes(file, read_file(file) + std::string(64, '\0'));
  EXPECT_EQ(points_in(CurveLog::read(file)), points_in(whole));
}

TEST(CurveLogTest, OpeningCutsTheTornTailSoThatLaterPointsAreRead) {
  const ScratchFolder folder;
  const auto file = folder.path() / "curves.log";
  write_points(file, 4);
  const std::string bytes = read_file(file);
  write_bytes(file, bytes.substr(0, bytes.size() - 3));
  { CurveLog(file, kAll).append("loss", 77, 7.0); }
  const auto curves = CurveLog::read(file);
  EXPECT_EQ(curves.at("loss").step, (std::vector<int64_t>{0, 1, 2, 3, 77}));
  EXPECT_EQ(curves.at("embedding_std").step, (std::vector<int64_t>{0}));
}

TEST(CurveLogTest, AResumeDropsThePointsThatItWillWriteAgain) {
  const ScratchFolder folder;
  const auto file = folder.path() / "curves.log";
  write_points(file, 10);
  { CurveLog(file, 4).append("loss", 5, 0.5); }
  const auto curves = CurveLog::read(file);
  EXPECT_EQ(curves.at("loss").step, (std::vector<int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(curves.at("embedding_std").step, (std::vector<int64_t>{0, 3}));
}

TEST(CurveLogTest, AMissingLogIsEmpty) { EXPECT_TRUE(CurveLog::read("/nonexistent/curves.log").empty()); }

TEST(CurveLogTest, AFolderThatDoesNotExistIsAStorageFailure) {
  try {
    CurveLog log("/nonexistent/curves.log", kAll);
    FAIL() << "no failure";
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::storage);
  }
}

TEST(CurveLogTest, IsNotWrittenThroughALink) {
  const ScratchFolder folder;
  const std::filesystem::path precious = folder.path() / "precious", log = folder.path() / "curves.log";
  write_bytes(precious, "");
  std::filesystem::create_symlink(precious, log);
  EXPECT_THROW(CurveLog(log, kAll), RunFailure);
  EXPECT_EQ(read_file(precious), "");
}

}  // namespace
}  // namespace sslbench
