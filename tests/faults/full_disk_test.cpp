// SPDX-License-Identifier: Apache-2.0
// A disk that fills up: one clear line, the right exit code, nothing lost that was recorded.
#include <gmock/gmock.h>

#include <map>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/faults/small_disk.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

// Name -> content of what is published in runs/.
std::map<std::string, std::string> published(const fs::path& out) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(out / "runs")) {
    const std::string name = entry.path().filename().string();
    if (name[0] != '.') files[name] = read_file(entry.path());
  }
  return files;
}

class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) GTEST_SKIP() << kNoMounting;
    suite_.out = suite_.folder() / "disk/out";
    ASSERT_EQ(suite_.run({"--only", "random_init"}).code, 0);
  }
  // Leaves only so many bytes.
  void fill(int64_t left) {
    const int64_t bytes = disk_.free_bytes() - left;
    ASSERT_GT(bytes, 0);
    suite_.write("disk/ballast", std::string(static_cast<size_t>(bytes), 'x'));
  }
  TinySuite suite_;
  SmallDisk disk_{suite_.folder() / "disk", 2048};
};

// Fault matrix: 14
TEST_F(FullDiskTest, FailsTheRunsAndTheSameCommandGoesOnWhenThereIsRoom) {
  const auto before = published(suite_.out);
  // Kilobytes: the plan and the log, the first checkpoint, the second one, a record.
  for (const int64_t left : {36, 60, 120, 280}) {
    fill(left << 10);
    const Ending end = suite_.run();
    EXPECT_EQ(end.code, 3) << left << " KiB left:\n" << end.errors;
    EXPECT_THAT(end.errors, AllOf(HasSubstr("failed(storage)"))) << left << " KiB left";
    for (const char* wrong : {"failed(internal)", "failed(signal)"}) {
      EXPECT_EQ(end.errors.find(wrong), std::string::npos) << left << " KiB left:\n" << end.errors;
    }
    const auto after = published(suite_.out);
    for (const auto& [name, bytes] : before) EXPECT_EQ(after.at(name), bytes) << name;
    for (const auto& [name, bytes] : after) {
      if (!name.ends_with(".h5")) continue;
      EXPECT_NO_THROW(read_record(suite_.out / "runs" / name)) << name;
    }
    fs::remove(suite_.folder() / "disk/ballast");
  }
  const Ending end = suite_.run();
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(suite_.record("simclr").status, "ok");
  EXPECT_EQ(published(suite_.out).at(suite_.record_file("random_init").filename()),
            before.at(suite_.record_file("random_init").filename()));
}

TEST_F(FullDiskTest, IsAMistakeOfThePersonBeforeAnythingRuns) {
  fill(0);
  const Ending end = suite_.run();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr("results folder"), HasSubstr("No space left on device")));
  EXPECT_EQ(suite_.record("random_init").status, "ok");
}

TEST_F(FullDiskTest, ReportElsewhereStillWorks) {
  fill(0);
  const Ending refused = suite_.sslbench({"report", suite_.out.string()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("-o"));
  EXPECT_EQ(suite_.sslbench({"report", suite_.out.string(), "-o", (suite_.folder() / "elsewhere").string()}).code, 0);
}

// A quota on the size of files stands for every other write error (EFBIG here; EDQUOT and EIO take the same way).
// Fault matrix: 16
TEST(FileLimitTest, FailsTheRunWithTheReason) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "random_init"}).code, 0);
  const std::string before = read_file(suite.record_file("random_init"));
  suite.around.limits = {{RLIMIT_FSIZE, 100 << 10}};  // less than a checkpoint
  const Ending end = suite.run({"--only", "[sr][ia]*"});
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("simclr").status, "failed(storage)");
  EXPECT_THAT(suite.record("simclr").failure, HasSubstr("File too large"));
  EXPECT_EQ(read_file(suite.record_file("random_init")), before);
}

}  // namespace
}  // namespace sslbench
