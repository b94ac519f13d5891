// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/record_watch.h"

#include <gtest/gtest.h>

#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

class RecordWatchTest : public ::testing::Test {
 protected:
  void put(const std::string& status) const {
    Record record;
    record.status = status;
    write_record(record, file_);
  }

  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "run.h5";
};

TEST_F(RecordWatchTest, OnlyAFinalRecordThatCameSinceIsPublished) {
  const RecordWatch from_nothing(file_);
  EXPECT_EQ(from_nothing.published(), "");
  put("ok");
  EXPECT_EQ(from_nothing.published(), "ok");
  const RecordWatch from_ok(file_);
  EXPECT_EQ(from_ok.published(), "") << "it was there before";
  put("ok");
  EXPECT_EQ(from_ok.published(), "ok") << "the same bytes, written again";
  put("failed(oom)");
  EXPECT_EQ(from_ok.published(), "");
}

TEST_F(RecordWatchTest, WhatCannotBeReadIsNotFinal) {
  EXPECT_EQ(final_status(file_), "");
  std::ofstream(file_) << "not a record";
  EXPECT_EQ(final_status(file_), "");
  put("collapsed");
  EXPECT_EQ(final_status(file_), "collapsed");
}

}  // namespace
}  // namespace sslbench
