// SPDX-License-Identifier: Apache-2.0
// `sslbench submit` on a real Slurm: whatever ends a task, its run goes on to the same weights.
#include <gmock/gmock.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/sha256.h"
#include "suites/runner/schedulers/submission.h"
#include "tests/cluster/slurm_cluster.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kPatience = 120;  // s, for a machine that is busy; every wait ends with its event

// Rows that train alike, each with an end of its own.
constexpr const char* kSuite = R"(# Does a suite survive its cluster?
dataset = { name = "shapes", size = 32, train_images = 128, test_images = 32 }
backbone = "convnet"
threads = 1

[pretrain]
epochs = 30
batch_size = 16
precision = "fp32"
checkpoint_seconds = 0

[methods.floor]
method = "random_init"
[methods.killed]
method = "simclr"
hidden = 32
projection = 16
temperature = 0.1
[methods.orphaned]
method = "simclr"
hidden = 32
projection = 16
temperature = 0.2
[methods.returned]
method = "simclr"
hidden = 32
projection = 16
temperature = 0.3
[methods.limited]
method = "simclr"
hidden = 32
projection = 16
temperature = 0.4
[methods.failing]
method = "supervised"
pretrain = { learning_rate = 1000, optimizer = "sgd" }

[protocols.knn]
)";

class SlurmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = SlurmCluster::why_not(); !why.empty()) GTEST_SKIP() << "not run: " << why;
    cluster_ = std::make_unique<SlurmCluster>();
    suite_ = std::make_unique<TinySuite>(kSuite);
    for (const auto& [name, value] : cluster_->environment()) suite_->around.environment[name] = value;
  }
  void TearDown() override {
    if (HasFailure() && cluster_) std::cerr << cluster_->logs();
  }

  Ending submit(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"submit", suite_->suite().string(), "-o", suite_->out.string(), "--to", "slurm"});
    return suite_->sslbench(more);
  }
  json state_of(const std::string& row) const {
    const json all = json::parse(suite_->sslbench({"status", suite_->out.string(), "--json"}).output);
    for (const json& each : all.at("runs")) {
      if (each.at("row") == row) return each;
    }
    return {};
  }
  // The newest task of that row, as "17_4".
  std::string task(const std::string& row) const {
    std::string out;
    for (const Submission& each : read_submissions(suite_->out)) {
      for (size_t i = 0; i < each.runs.size(); ++i) {
        if (each.runs[i].starts_with(row + "-s")) out = each.arrays.at(0).id + "_" + std::to_string(i);
      }
    }
    return out;
  }
  // Its output, over all restarts.
  std::string log(const std::string& row) const {
    std::string out;
    for (const auto& entry : fs::directory_iterator(suite_->out / "submit")) {
      const fs::path file = entry.path() / "log" / (task(row) + ".log");
      if (fs::exists(file)) out += read_file(file);
    }
    return out;
  }
  // Waits until its pretraining has saved `step`, and holds the worker there: the test, not the clock, says when it
  // goes on.
  pid_t hold_at(const std::string& row, int64_t step) const {
    EXPECT_TRUE(eventually(kPatience, [&] { return newest_step(suite_->work_folder(row)) >= step; })) << row << ":\n"
                                                                                                      << log(row);
    const pid_t worker = suite_->worker(row);
    ::kill(worker, SIGSTOP);
    return worker;
  }
  pid_t front_end(const std::string& row) const {
    std::string holder;
    EXPECT_TRUE(FileLock::is_held(suite_->work_folder(row) / "watch.lock", holder)) << row;
    return std::stoi(holder.substr(4));  // "pid 123 on host"
  }
  void expect_back_in_queue(const std::string& row) const {
    EXPECT_TRUE(eventually(kPatience, [&] { return cluster_->state(task(row)) == "PENDING"; })) << row << log(row);
    const json state = state_of(row);
    EXPECT_EQ(state.at("state"), "queued again") << state;
    EXPECT_TRUE(state.contains("from")) << state;
  }
  void expect_done(const std::string& row) const {
    EXPECT_TRUE(eventually(kPatience, [&] { return !suite_->record_file(row).empty(); })) << row << log(row);
    EXPECT_TRUE(eventually(kPatience, [&] { return cluster_->state(task(row)).empty(); })) << row << log(row);
    EXPECT_EQ(suite_->record(row).status, "ok") << row << log(row);
  }
  // What `sslbench run` makes of the same rows here, undisturbed.
  std::map<std::string, std::string> uninterrupted_weights(const std::vector<std::string>& rows) const {
    TinySuite alone(kSuite);
    std::vector<std::string> only;
    for (const std::string& row : rows) only.insert(only.end(), {"--only", row});
    const Ending end = alone.run(only, kPatience);
    EXPECT_EQ(end.code, 0) << end.errors;
    std::map<std::string, std::string> out;
    for (const std::string& row : rows) out[row] = sha256_file(weights_file(alone, row));
    return out;
  }
  static fs::path weights_file(const TinySuite& suite, const std::string& row) {
    return suite.record_file(row).replace_extension(".safetensors");
  }
  void expect_failed(const std::string& row, const std::string& status) const {
    EXPECT_TRUE(eventually(kPatience, [&] { return cluster_->state(task(row)).empty(); })) << log(row);
    EXPECT_EQ(suite_->record(row).status, status) << log(row);
    EXPECT_EQ(state_of(row).at("state"), "failed");
    EXPECT_THAT(log(row), Not(HasSubstr("restart 1"))) << "a failed run is not put back";
  }

  std::unique_ptr<TinySuite> suite_;
  std::unique_ptr<SlurmCluster> cluster_;  // ends first: its jobs write into the suite's folder
};

// Fault matrix: 1, 4, 7, 10, 11
TEST_F(SlurmTest, EveryEndOfATaskLeadsToTheWeightsOfAnUninterruptedRun) {
  const std::vector<std::string> rows = {"floor", "killed", "orphaned", "returned", "limited"};

  // A limit takes half a minute to be noticed, in which the other tasks have their ends.
  const Ending limit = submit({"--only", "limited", "--time", "1"});
  ASSERT_EQ(limit.code, 0) << limit.errors;
  const pid_t limited = hold_at("limited", 3);
  const Ending first = submit();
  ASSERT_EQ(first.code, 0) << first.errors;
  EXPECT_THAT(first.output, HasSubstr("5 runs in 5 tasks"));
  EXPECT_THAT(first.errors, HasSubstr("1 runs are in the queue already"));
  EXPECT_THAT(submit().output, HasSubstr("nothing to submit")) << "twice adds nothing";

  const pid_t killed = hold_at("killed", 3), orphaned = hold_at("orphaned", 3), returned = hold_at("returned", 3);
  EXPECT_EQ(state_of("killed").at("state"), "running");
  EXPECT_THAT(state_of("killed").at("node").get<std::string>(), StartsWith("n"));
  ::kill(front_end("killed"), SIGKILL);  // all that a node runs dies at once
  ::kill(killed, SIGKILL);
  ::kill(orphaned, SIGKILL);                                 // the worker alone dies
  cluster_->ask({"scontrol", "requeue", task("returned")});  // as preemption does
  ::kill(returned, SIGCONT);
  const auto uninterrupted = uninterrupted_weights(rows);

  for (const char* row : {"killed", "returned"}) expect_back_in_queue(row);
  for (const char* row : {"killed", "returned"}) cluster_->start_soon(task(row));
  for (const char* row : {"killed", "returned", "floor"}) expect_done(row);
  EXPECT_THAT(log("killed"), AllOf(HasSubstr("restart 1"), Not(HasSubstr("restart 2"))));
  EXPECT_EQ(suite_->record("returned").attempts, 1) << "an interruption is no failure";

  expect_failed("failing", "failed(non_finite)");
  expect_failed("orphaned", "failed(signal)");
  EXPECT_THAT(submit({"--only", "orphaned"}).output, HasSubstr("1 run in 1 task"));
  expect_done("orphaned");
  EXPECT_EQ(suite_->record("orphaned").attempts, 2);

  EXPECT_TRUE(eventually(kPatience, [&] { return log("limited").find("stopping") != std::string::npos; }));
  ::kill(limited, SIGCONT);
  expect_back_in_queue("limited");
  cluster_->start_soon(task("limited"));
  expect_done("limited");

  for (const std::string& row : rows) EXPECT_EQ(sha256_file(weights_file(*suite_, row)), uninterrupted.at(row)) << row;
  EXPECT_TRUE(eventually(kPatience, [&] { return fs::exists(suite_->out / "report/README.md"); })) << "the last job's";
}

TEST_F(SlurmTest, ACancelledTaskSavesAndStaysCancelled) {
  ASSERT_EQ(submit({"--only", "killed"}).code, 0);
  const pid_t worker = hold_at("killed", 3);
  cluster_->ask({"scancel", task("killed")});
  ::kill(worker, SIGCONT);
  EXPECT_TRUE(eventually(kPatience, [&] { return cluster_->state(task("killed")).empty(); })) << log("killed");
  EXPECT_THAT(log("killed"), Not(HasSubstr("restart 1")));
  EXPECT_EQ(state_of("killed").at("state"), "lost");
  EXPECT_GE(newest_step(suite_->work_folder("killed")), 3) << "what was trained is kept";
}

TEST_F(SlurmTest, SrunStartsTheRanksOfARun) {
  const Ending end = submit({"--only", "returned", "--ranks", "2"});
  ASSERT_EQ(end.code, 0) << end.errors;
  expect_done("returned");
  EXPECT_EQ(suite_->record("returned").environment.at("ranks"), 2) << log("returned");
  TinySuite here(kSuite);
  ASSERT_EQ(here.run({"--only", "returned", "--ranks", "2"}, kPatience).code, 0);
  EXPECT_EQ(state_hashes(suite_->record("returned")), state_hashes(here.record("returned")));
  EXPECT_EQ(sha256_file(weights_file(*suite_, "returned")), sha256_file(weights_file(here, "returned")));
}

}  // namespace
}  // namespace sslbench
