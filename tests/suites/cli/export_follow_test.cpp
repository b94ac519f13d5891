// SPDX-License-Identifier: Apache-2.0
// export --follow beside a suite that is made up: its logs and records appear one after the other.
#include <signal.h>

#include <chrono>
#include <thread>

#include "reports/export/event_file.h"
#include "reports/record/curve_log.h"
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ExportFollowTest : public TrackedCommand {
 protected:
  // A folder of one run, whose record is taken away.
  ExportFollowTest() {
    content_.rows = {"byol"};
    content_.seeds = 1;
    folder_ = results("now", content_);
    fs::remove(record());
    fs::create_directories(work());
  }

  fs::path record() const { return fs::path(folder_) / "runs" / (kRun + ".h5"); }
  fs::path work() const { return fs::path(folder_) / "work" / kRun; }
  fs::path events() const { return path("tb") / kRun / kEventFile; }
  std::vector<std::string> follow() const {
    return {"export", folder_, "--to", "tensorboard", "-o", path("tb").string(), "--follow"};
  }

  void log(int64_t from, int64_t to) const {
    CurveLog log(curve_log_file(work(), "pretrain"), from);
    for (int64_t step = from; step < to; ++step) log.append("loss", step, 1.0 / static_cast<double>(step + 1));
  }

  Record finished(int64_t steps) const {
    Record out = content_.record("byol", 0, 0);
    for (int64_t step = 0; step < steps; ++step) {
      out.stages[0].curves["loss"].step.push_back(step);
      out.stages[0].curves["loss"].value.push_back(1.0 / static_cast<double>(step + 1));
    }
    return out;
  }

  size_t held() const { return fs::exists(events()) ? read_event_file(read_file(events())).scalars.size() : 0; }

  void wait_for(size_t scalars) const {
    for (int i = 0; i < 600 && held() < scalars; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ASSERT_EQ(held(), scalars);
  }

  const std::string kRun = "byol-s0-0123456789ab";
  TrackedResults content_;
  std::string folder_;
};

TEST_F(ExportFollowTest, CurvesGrowAsTheyAreLoggedUntilTheRunIsDone) {
  log(0, 3);
  CliProcess process(follow());
  wait_for(3);
  log(2, 5);  // gone on after a kill: step 2 is logged again
  wait_for(5);
  write_record(finished(6), record());
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_EQ(held(), 6u + 2u) << "the last step, and two measurements";
  EXPECT_EQ(read_event_file(read_file(events())).bytes, fs::file_size(events()));
}

TEST_F(ExportFollowTest, WhatWasFollowedBeforeIsGoneOnWith) {
  log(0, 3);
  {
    CliProcess process(follow());
    wait_for(3);
    ::kill(process.pid(), SIGKILL);
  }
  write_record(finished(4), record());
  CliProcess again(follow());
  EXPECT_EQ(again.code(), 0) << again.errors();
  EXPECT_EQ(held(), 4u + 2u);
}

TEST_F(ExportFollowTest, ARunThatFailedWhileNobodyWorksOnItIsTheEnd) {
  Record failed = finished(2);
  failed.status = "failed(oom)";
  failed.stages.resize(1);
  failed.stages[0].status = failed.status;
  failed.stages[0].measurements.clear();
  write_record(failed, record());
  CliProcess process(follow());
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr("failed(oom)"));
  EXPECT_EQ(held(), 2u);
}

TEST_F(ExportFollowTest, AFolderHasOneFollower) {
  log(0, 1);
  CliProcess first(follow());
  wait_for(1);
  CliProcess second(follow());
  EXPECT_EQ(second.code(), 2);
  EXPECT_THAT(second.errors(), HasSubstr("is followed into by pid"));
  ::kill(first.pid(), SIGTERM);
}

TEST_F(ExportFollowTest, OnlyTensorboardIsFollowedInto) {
  CliProcess csv({"export", folder_, "--to", "csv", "--follow"});
  EXPECT_EQ(csv.code(), 2);
  EXPECT_THAT(csv.errors(), HasSubstr("--follow belongs to --to tensorboard"));
  CliProcess nowhere({"export", folder_, "--to", "tensorboard", "--follow"});
  EXPECT_EQ(nowhere.code(), 2);
}

}  // namespace
}  // namespace sslbench
