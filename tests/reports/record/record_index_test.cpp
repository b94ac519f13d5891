// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_index.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>

#include "reports/record/index_file.h"
#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kMany = kFewestKept + 10;

class RecordIndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("XDG_CACHE_HOME", (folder_.path() / "cache").c_str(), 1);
    for (size_t i = 0; i < kMany; ++i) put(name(i), "ok");
  }
  void TearDown() override { ::unsetenv("XDG_CACHE_HOME"); }

  static std::string name(size_t i) { return "row-s" + std::to_string(i) + "-0123456789ab"; }
  fs::path file(const std::string& run) const { return out_ / "runs" / (run + ".h5"); }

  // Last changed `age` seconds ago: who just wrote a file may write it again before the clock moves.
  void put(const std::string& run, const std::string& status, int64_t age = 100) const {
    Record record;
    record.run = run;
    record.status = status;
    record.attempts = 3;
    record.environment = {{"revision", "abc"}, {"build_type", "Release"}, {"worker", "w"}, {"machine_class", "m"}};
    StageRecord stage{.name = "knn", .plugin = "knn", .key = "key of " + run, .status = "ok", .wall_seconds = 2};
    record.stages = {stage};
    write_record(record, file(run));
    struct timespec now {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const struct timespec times[] = {{now.tv_sec - age, 0}, {now.tv_sec - age, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file(run).c_str(), times, 0), 0);
  }
  fs::path kept() const { return *IndexFile(out_, true).file(); }
  size_t opened() const { return index_records(out_).opened; }

  ScratchFolder folder_;
  fs::path out_ = folder_.path() / "out";
};

TEST_F(RecordIndexTest, ASecondLookOpensNoRecord) {
  const RecordIndex first = index_records(out_), second = index_records(out_);
  EXPECT_EQ(first.opened, kMany);
  EXPECT_EQ(second.opened, 0u);
  ASSERT_EQ(second.records.size(), kMany);
  for (size_t i = 0; i < kMany; ++i) {
    EXPECT_EQ(second.records[i].file, first.records[i].file);
    EXPECT_EQ(brief_to_json(second.records[i].brief), brief_to_json(first.records[i].brief));
  }
  const BriefRecord& brief = second.records[0].brief;
  EXPECT_EQ(brief.run, name(0));
  EXPECT_EQ(brief.attempts, 3);
  EXPECT_EQ(brief.build, "abc Release");
  EXPECT_EQ(brief.stages.at(0).key, "key of " + name(0));
  EXPECT_FALSE(fs::exists(out_ / "runs.index")) << "nothing is written where results lie";
}

TEST_F(RecordIndexTest, WhatChangedOrCameIsReadAndWhatWentIsGone) {
  index_records(out_);
  put(name(1), "failed(oom)", 50);
  put("new-s0-0123456789ab", "ok");
  fs::remove(file(name(2)));
  const RecordIndex index = index_records(out_);
  EXPECT_EQ(index.opened, 2u);
  EXPECT_EQ(index.records.size(), kMany);
  for (const IndexedRecord& record : index.records) {
    EXPECT_EQ(record.brief.status, record.brief.run == name(1) ? "failed(oom)" : "ok");
    EXPECT_NE(record.brief.run, name(2));
  }
  EXPECT_EQ(opened(), 0u);
}

// The clock of a file system may stand still for a while: such a file is read again until its time is past.
TEST_F(RecordIndexTest, WhatChangedJustNowIsReadAgain) {
  put(name(1), "ok", 0);
  index_records(out_);
  put(name(1), "no", 0);
  const RecordIndex index = index_records(out_);
  EXPECT_EQ(index.opened, 1u);
  EXPECT_EQ(index.records.at(1).brief.run, name(1)) << "sorted";
}

TEST_F(RecordIndexTest, WeightsAreLookedForEachTime) {
  EXPECT_EQ(index_records(out_).records.at(0).weights_bytes, -1);
  write_atomically(out_ / "runs" / (name(0) + ".safetensors"), "weights");
  EXPECT_EQ(index_records(out_).records.at(0).weights_bytes, 7);
}

TEST_F(RecordIndexTest, ADamagedIndexCountsForNothing) {
  index_records(out_);
  const std::string good = read_file(kept());
  std::string turned = good;
  turned[good.size() / 2] ^= 1;
  std::string other = good;
  other.replace(other.find("sslbench.record_index/1"), 23, "sslbench.record_index/9");
  for (const std::string& damaged : {turned, other, good.substr(0, good.size() - 10), std::string(), good + "[]\n"}) {
    write_atomically(kept(), damaged);
    EXPECT_EQ(opened(), kMany);
    EXPECT_EQ(opened(), 0u) << "it is written anew";
  }
}

// One that somebody put in its place, with a checksum that holds.
TEST_F(RecordIndexTest, TheIndexOfAnotherFolderCountsForNothing) {
  index_records(out_);
  const std::string theirs = read_file(kept());
  fs::rename(out_, folder_.path() / "moved");
  out_ = folder_.path() / "moved";
  write_atomically(kept(), theirs);
  EXPECT_EQ(opened(), kMany);
}

TEST_F(RecordIndexTest, FewRecordsAreReadEachTimeAndLeaveNothing) {
  for (size_t i = 20; i < kMany; ++i) fs::remove(file(name(i)));
  index_records(out_);
  EXPECT_EQ(opened(), 20u);
  EXPECT_FALSE(fs::exists(folder_.path() / "cache"));
}

TEST_F(RecordIndexTest, WithoutACacheEverythingIsRead) {
  write_atomically(folder_.path() / "cache", "a file in its place");
  EXPECT_EQ(opened(), kMany);
  EXPECT_EQ(index_records(out_).records.size(), kMany);
}

TEST_F(RecordIndexTest, WhatIsNoRecordIsNamedEachTime) {
  write_atomically(file(name(3)), "not a record");
  fs::copy_file(file(name(5)), file("copy-s0-0123456789ab"));
  fs::remove(file(name(4)));
  ASSERT_EQ(::mkfifo(file(name(4)).c_str(), 0600), 0);
  for (int look = 0; look < 2; ++look) {
    const RecordIndex index = index_records(out_);
    EXPECT_THAT(index.refused, ElementsAre(HasSubstr("is the record of another run, " + name(5)), HasSubstr(name(3)),
                                           HasSubstr("is no regular file")));
    EXPECT_EQ(index.records.size(), kMany - 2);
    EXPECT_EQ(index.opened, look == 0 ? kMany : 2u);
  }
}

}  // namespace
}  // namespace sslbench
