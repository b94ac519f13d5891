// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/worker_check.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/runner/catalog_file.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

TEST(WorkerCheckTest, GoodAnswerIsKeptAndEveryNewIdIsAskedOnce) {
  const FakeWorker worker;
  const ScratchFolder out;
  const RunSpec first = small_run("simclr", out.path()), second = small_run("simclr", out.path(), 1);
  check_runs({first, second});
  check_runs({first, second});
  EXPECT_EQ(worker.checks(), 1u);
  RunSpec other = first;
  other.id = "ba9876543210";
  check_runs({first, other});
  EXPECT_EQ(worker.checks(), 2u);
}

TEST(WorkerCheckTest, RefusalNamesTheRowAndIsAskedAgain) {
  const FakeWorker worker;
  worker.behave("refuse", "");
  const ScratchFolder out;
  for (int i = 0; i < 2; ++i) {
    try {
      check_runs({small_run("simclr", out.path())});
      FAIL() << "accepted";
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("[methods.simclr] batch of 8 is larger than the queue"));
    }
  }
  EXPECT_EQ(worker.checks(), 2u);
}

TEST(WorkerCheckTest, RefusalNamesThePlaceOfTheRow) {
  const FakeWorker worker;
  worker.behave("refuse", "");
  const ScratchFolder out;
  try {
    check_runs({small_run("simclr", out.path())}, {{"simclr", "pets.toml:14:1"}});
    FAIL() << "accepted";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pets.toml:14:1: [methods.simclr] batch of 8 is larger than the queue"));
  }
}

TEST(WorkerCheckTest, CalibrationIsRead) {
  const FakeWorker worker;
  const ScratchFolder out;
  const Calibration found = calibrate_run(small_run("simclr", out.path()));
  EXPECT_EQ(found.disk_bytes, 1000000);
  EXPECT_DOUBLE_EQ(found.stages.at("pretrain").seconds.value(), 50);
  EXPECT_EQ(found.stages.at("pretrain").process_bytes, 1 << 20);
  EXPECT_EQ(found.batch.bytes, 900000);
  EXPECT_EQ(found.batch.image_bytes, 9000);
  EXPECT_FALSE(found.stages.at("slow").seconds.has_value());
}

TEST(CatalogFileTest, ChosenWorkerIsAsked) {
  const FakeWorker worker;
  EXPECT_EQ(load_catalog().build, "test");
}

TEST(CatalogFileTest, MissingWorkerIsAUserErrorThatSaysWhatToDo) {
  ::setenv("SSLBENCH_WORKER", "/absent/worker", 1);
  EXPECT_THROW(load_catalog(), UserError);
  ::unsetenv("SSLBENCH_WORKER");
}

TEST(CatalogFileTest, WhatIsNoCatalogIsAUserError) {
  EXPECT_THROW(parse_catalog("{", "worker"), UserError);
  EXPECT_THROW(parse_catalog("{}", "worker"), UserError);
}

}  // namespace
}  // namespace sslbench
