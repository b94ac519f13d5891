// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/stage_runner.h"

#include <gmock/gmock.h>

#include <set>

#include "reports/record/record_store.h"
#include "suites/ground/build_id.h"
#include "suites/handover/finished_stage.h"
#include "suites/handover/work_files.h"
#include "suites/tensors/aten.h"
#include "suites/training/saving/checkpoint.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

// One measurement, one note; counts how often it was carried out.
struct Body {
  int times = 0;
  void operator()(StageContext& context) {
    ++times;
    context.record.images = 8;
    context.record.images_per_second = 100;
    context.record.measurements.push_back({.metric = "top1", .split = "test", .value = 0.5, .unit = "1", .n = 8});
    context.note("one image left out");
  }
};

class StageRunnerTest : public ::testing::Test {
 protected:
  StageRunnerTest() {
    run_.suite = "quick";
    run_.row = "simclr_t02", run_.method = "simclr";
    run_.id = "0123456789ab";
    run_.seed = 4;
    run_.backbone = "resnet18";
    run_.out = scratch_.path();
    std::filesystem::create_directories(run_.work_folder());
  }

  // As the worker of `run` meets it that starts anew.
  StageRecord carry_out(const RunSpec& run, const std::string& row, const std::string& key) {
    ProgressFile progress(progress_file(run), {row});
    StageRunner runner(run, at::kCPU, {}, progress);
    StageRecord stage = runner.run(row, "knn", 3, "shapes", key, {{.name = "top1"}}, std::ref(body_));
    notes_ = runner.notes();
    return stage;
  }

  static std::vector<std::string> metrics(const StageRecord& stage) {
    std::vector<std::string> out;
    for (const Measurement& each : stage.measurements) out.push_back(each.metric);
    return out;
  }

  // Of another run, whose record holds stage `row` with that key.
  std::filesystem::path record_of_another_run(const std::string& row, const std::string& key) {
    RunSpec other = run_;
    other.row = "simclr", other.id = "ba9876543210";
    std::filesystem::create_directories(other.work_folder());
    Record record;
    record.run = other.name();
    record.stages = {carry_out(other, row, key)};
    record.stages[0].revision = "feedbeef";
    record.facts = {{kStageNotes, {{row, {"one image left out"}}}}};
    write_record(record, other.record_file());
    body_.times = 0;
    return other.record_file();
  }

  ScratchFolder scratch_;
  RunSpec run_;
  Body body_;
  std::vector<std::string> notes_;
};

TEST_F(StageRunnerTest, MeasurementsSayWhoseTheyAreAndCostsComeOnce) {
  const StageRecord stage = carry_out(run_, "near", "k1");
  const std::vector<std::string> found = metrics(stage);
  EXPECT_THAT(found, IsSupersetOf({"top1", "wall_time", "cpu_time", "throughput", "peak_memory_process"}));
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size()) << "each once";
  for (const Measurement& each : stage.measurements) {
    EXPECT_EQ(each.run, run_.name()) << each.metric;
    EXPECT_EQ(each.method + " is " + each.method_name, "simclr_t02 is simclr") << each.metric;
    EXPECT_EQ(each.protocol + " is " + each.stage, "near is knn") << each.metric;
    EXPECT_EQ(each.suite + " on " + each.dataset + ", " + each.backbone, "quick on shapes, resnet18") << each.metric;
    EXPECT_EQ(each.version, 3) << each.metric;
    EXPECT_EQ(each.seed, 4) << each.metric;
  }
  EXPECT_EQ(stage.revision, build_revision().text());
  EXPECT_EQ(stage.taken_from, "");
}

TEST_F(StageRunnerTest, AStageOfAnEarlierAttemptIsTakenOverAsItWas) {
  const StageRecord first = carry_out(run_, "near", "k1");
  const StageRecord again = carry_out(run_, "near", "k1");
  EXPECT_EQ(body_.times, 1);
  EXPECT_EQ(metrics(again), metrics(first)) << "costs are not added once more";
  EXPECT_EQ(again.wall_seconds, first.wall_seconds);
  EXPECT_EQ(again.taken_from, "") << "it is this run's own";
  EXPECT_THAT(notes_, ElementsAre("near: one image left out"));
}

TEST_F(StageRunnerTest, AStageOfAnotherRunSaysWhereItComesFrom) {
  run_.reuse["near"] = record_of_another_run("knn", "k1");
  const StageRecord taken = carry_out(run_, "near", "k1");
  EXPECT_EQ(body_.times, 0);
  EXPECT_EQ(taken.name, "near") << "under this run's row";
  EXPECT_EQ(taken.taken_from, "simclr-s4-ba9876543210 at feedbeef");
  EXPECT_EQ(taken.revision, "feedbeef");
  EXPECT_THAT(notes_, ElementsAre("near: one image left out"));
  for (const Measurement& each : taken.measurements) {
    EXPECT_EQ(each.run + " " + each.method + " " + each.protocol, run_.name() + " simclr_t02 near") << each.metric;
  }
}

TEST_F(StageRunnerTest, WhatWasTakenOverKeepsItsOriginInLaterAttempts) {
  run_.reuse["near"] = record_of_another_run("knn", "k1");
  const StageRecord taken = carry_out(run_, "near", "k1");
  std::filesystem::remove(run_.reuse["near"]);
  const StageRecord again = carry_out(run_, "near", "k1");
  EXPECT_EQ(body_.times, 0);
  EXPECT_EQ(again.taken_from, taken.taken_from);
  EXPECT_THAT(notes_, ElementsAre("near: one image left out"));
}

TEST_F(StageRunnerTest, AStageOfAnotherKeyIsDoneAgain) {
  run_.reuse["near"] = record_of_another_run("knn", "k1");
  EXPECT_EQ(carry_out(run_, "near", "k2").taken_from, "");
  EXPECT_EQ(body_.times, 1);
  carry_out(run_, "near", "k3");
  EXPECT_EQ(body_.times, 2) << "nor is this run's own fragment";
}

TEST_F(StageRunnerTest, AStageIsTakenOnlyFromTheRecordThatTheRunSpecNamesForItsRow) {
  run_.reuse["far"] = record_of_another_run("knn", "k1");
  carry_out(run_, "near", "k1");
  EXPECT_EQ(body_.times, 1);
}

TEST_F(StageRunnerTest, AFinishedStageNeedsItsCheckpointsNoMore) {
  ProgressFile progress(progress_file(run_), {"near"});
  StageRunner runner(run_, at::kCPU, {}, progress);
  const std::filesystem::path own = run_.work_folder() / "near-3.ckpt", other = run_.work_folder() / "far-3.ckpt";
  runner.run("near", "knn", 3, "shapes", "k1", {}, [&](StageContext& context) {
    for (const char* stage : {"near", "far"})
      Checkpoints(context.work, stage, "k1").save({{"w", at::ones({1})}}, 3, {});
    EXPECT_TRUE(std::filesystem::exists(own));
  });
  EXPECT_FALSE(std::filesystem::exists(own));
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST_F(StageRunnerTest, AStageThatFailsLeavesNothingToTakeOver) {
  ProgressFile progress(progress_file(run_), {"near"});
  StageRunner runner(run_, at::kCPU, {}, progress);
  const auto fails = [](StageContext& context) {
    context.progress(7, 10, 0);
    throw std::runtime_error("no more");
  };
  EXPECT_THROW(runner.run("near", "knn", 3, "shapes", "k1", {}, fails), std::runtime_error);
  EXPECT_EQ(runner.current(), "near");
  EXPECT_EQ(runner.current_step(), 7);
  EXPECT_THAT(runner.notes(), IsEmpty());
  carry_out(run_, "near", "k1");
  EXPECT_EQ(body_.times, 1);
}

}  // namespace
}  // namespace sslbench
