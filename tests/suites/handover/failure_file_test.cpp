// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/failure_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "suites/handover/work_files.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class FailureFileTest : public ::testing::Test {
 protected:
  FailureFileTest() {
    run_.row = run_.method = "simclr";
    run_.out = scratch_.path();
    std::filesystem::create_directories(run_.work_folder());
  }

  ScratchFolder scratch_;
  RunSpec run_;
};

TEST_F(FailureFileTest, WhatTheWorkerWritesIsWhatTheFrontEndReads) {
  write_failure(run_, {FailureKind::non_finite, "loss is not finite", "pretrain", 120});
  const WorkerFailure read = read_failure(run_);
  EXPECT_EQ(read.kind, FailureKind::non_finite);
  EXPECT_EQ(read.text(), "loss is not finite (stage pretrain, step 120)");
}

TEST_F(FailureFileTest, StageAndStepMayBeUnknown) {
  std::ofstream(failure_file(run_)) << R"({"kind": "data", "message": "truncated"})";
  EXPECT_EQ(read_failure(run_).kind, FailureKind::data);
  EXPECT_EQ(read_failure(run_).text(), "truncated");
}

TEST_F(FailureFileTest, AFileThatIsMissingOrTornIsInternal) {
  EXPECT_EQ(read_failure(run_).kind, FailureKind::internal);
  std::ofstream(failure_file(run_)) << R"({"kind": "da)";
  EXPECT_EQ(read_failure(run_).kind, FailureKind::internal);
}

}  // namespace
}  // namespace sslbench
