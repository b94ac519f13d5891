// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/run_lock.h"

#include <gtest/gtest.h>

#include <thread>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class RunLockTest : public ::testing::Test {
 protected:
  RunLockTest() {
    run_.row = "simclr";
    run_.id = "0123456789ab";
    run_.out = scratch_.path();
  }

  std::optional<FileLock> held() {
    std::string holder;
    return FileLock::try_take(run_.work_folder() / "lock", holder);
  }

  ScratchFolder scratch_;
  RunSpec run_;
};

TEST_F(RunLockTest, AnEarlierWorkerIsWaitedFor) {
  auto earlier = held();
  ASSERT_TRUE(earlier);
  std::jthread goes([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    earlier.reset();
  });
  EXPECT_TRUE(take_run_lock(run_));
}

TEST_F(RunLockTest, WhatAnEarlierWorkerPublishedIsNotDoneAgain) {
  auto earlier = held();
  std::jthread goes([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    write_record(sample_record(), run_.record_file());
    earlier.reset();
  });
  EXPECT_FALSE(take_run_lock(run_));
}

TEST_F(RunLockTest, AnEarlierWorkerThatDoesNotGoIsNamed) {
  const auto earlier = held();
  try {
    take_run_lock(run_, std::chrono::milliseconds(100));
    FAIL();
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::storage);
    EXPECT_NE(std::string(failure.what()).find("pid "), std::string::npos) << failure.what();
  }
}

}  // namespace
}  // namespace sslbench
