// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/one_run.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <functional>
#include <thread>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/handover/work_files.h"
#include "tests/suites/runner/fake_worker.h"
#include "tests/suites/runner/interruption.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

class OneRunTest : public ::testing::Test {
 protected:
  OneRunTest() { options_.worker = worker_.program(); }
  ~OneRunTest() override { std::fclose(quiet_); }

  // As `submit` leaves it.
  fs::path planned(const RunSpec& run) const {
    fs::create_directories(run.work_folder());
    write_atomically(runspec_file(run), run_spec_to_json(run).dump(1));
    return runspec_file(run);
  }
  fs::path planned(const std::string& row) const { return planned(small_run(row, out_.path())); }
  RunResult carry_out(const fs::path& file) {
    ProgressView view(quiet_, false);
    return carry_out_one(planned_run(file), options_, small_catalog(), view);
  }
  Record record_of(const std::string& row) const { return read_record(small_run(row, out_.path()).record_file()); }
  void leave_record(const std::string& row, const std::string& status, const nlohmann::json& environment = {}) const {
    const RunSpec run = small_run(row, out_.path());
    Record record;
    record.run = run.name();
    record.status = status;
    record.attempts = 3;
    record.environment = environment;
    write_record(record, run.record_file());
  }

  FakeWorker worker_;
  ScratchFolder out_;
  OneRunOptions options_;
  std::FILE* quiet_ = std::fopen("/dev/null", "w");
};

TEST_F(OneRunTest, LeavesItsRecordAndNothingElse) {
  EXPECT_EQ(carry_out(planned("good")).state, RunResult::State::finished);
  EXPECT_EQ(record_of("good").status, "ok");
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(out_.path())) left.push_back(entry.path().filename());
  EXPECT_THAT(left, testing::UnorderedElementsAre("runs", "work", small_run("good", "").name() + ".h5"))
      << "no plan, no log of the folder, no lock of the folder";
}

TEST_F(OneRunTest, KeepWorkKeepsSpecAndLogs) {
  options_.keep_work = true;
  carry_out(planned("good"));
  const fs::path work = small_run("good", out_.path()).work_folder();
  for (const char* file : {"runspec.json", "log", "run.log"}) EXPECT_TRUE(fs::exists(work / file)) << file;
}

TEST_F(OneRunTest, AFinalRecordIsNotMadeTwice) {
  leave_record("good", "collapsed");
  const RunResult result = carry_out(planned("good"));
  EXPECT_EQ(result.state, RunResult::State::finished);
  EXPECT_EQ(result.status, "collapsed");
  EXPECT_THAT(worker_.started(), IsEmpty());
  EXPECT_FALSE(fs::exists(small_run("good", out_.path()).work_folder()));
}

TEST_F(OneRunTest, AttemptsOfAFailedRecordCountOn) {
  leave_record("fail", "failed(signal)");
  worker_.behave("fail", "fail");
  const RunResult result = carry_out(planned("fail"));
  EXPECT_EQ(result.state, RunResult::State::failed);
  EXPECT_EQ(record_of("fail").status, "failed(non_finite)");
  EXPECT_EQ(record_of("fail").attempts, 4);
  EXPECT_TRUE(fs::exists(small_run("fail", out_.path()).work_folder())) << "kept for a retry";
}

TEST_F(OneRunTest, WhatAnotherChangedTreeMadeIsDoneAgainAndAFailureTakesItsPlace) {
  leave_record("fail", "ok", {{"revision", "feedbeef"}, {"dirty", true}, {"worker", std::string(64, 'a')}});
  worker_.behave("fail", "fail");
  RunSpec run = small_run("fail", out_.path());
  run.worker = worker_digest(worker_.program());
  carry_out(planned(run));
  EXPECT_EQ(record_of("fail").status, "failed(non_finite)");

  leave_record("good", "ok", {{"revision", "feedbeef"}, {"dirty", false}, {"worker", std::string(64, 'a')}});
  run.row = "good";
  carry_out(planned(run));
  EXPECT_THAT(worker_.started(), SizeIs(1)) << "a clean tree's counts";
}

TEST_F(OneRunTest, ADamagedRecordCountsAsNone) {
  const RunSpec run = small_run("good", out_.path());
  fs::create_directories(run.record_file().parent_path());
  write_atomically(run.record_file(), "no record");
  EXPECT_EQ(carry_out(planned(run)).state, RunResult::State::finished);
  EXPECT_EQ(record_of("good").status, "ok");
}

TEST_F(OneRunTest, TwoProcessesNeverWorkOnOneRun) {
  const fs::path file = planned("good");
  std::string holder;
  {
    const auto other = FileLock::try_take(file.parent_path() / "watch.lock", holder);
    EXPECT_THAT(refusal([&] { carry_out(file); }), HasSubstr("is being carried out by pid"));
  }
  const auto worker = FileLock::try_take(file.parent_path() / "lock", holder);
  options_.old_worker_wait = std::chrono::milliseconds(1);
  EXPECT_THAT(refusal([&] { carry_out(file); }), AllOf(HasSubstr("a worker (pid"), HasSubstr("works on good-s0")));
  EXPECT_THAT(worker_.started(), IsEmpty());
}

TEST_F(OneRunTest, AnotherProgramThanPlannedIsRefusedAndLeavesNoRecord) {
  RunSpec run = small_run("good", out_.path());
  run.worker = std::string(64, 'b');
  EXPECT_THAT(refusal([&] { carry_out(planned(run)); }), HasSubstr("submit it again"));
  EXPECT_FALSE(fs::exists(run.record_file()));
}

TEST_F(OneRunTest, ADeviceThatIsNotHereIsRefusedAndLeavesNoRecord) {
  RunSpec run = small_run("good", out_.path());
  run.device = "cuda:900";
  EXPECT_THAT(refusal([&] { carry_out(planned(run)); }), HasSubstr("cuda:900"));
  run.device = "/dev/sda";
  EXPECT_THAT(refusal([&] { carry_out(planned(run)); }), HasSubstr("expected auto, cpu, cuda"));
  EXPECT_FALSE(fs::exists(run.record_file()));
}

TEST_F(OneRunTest, SignalsOfASchedulerAndItsLauncherAreOneRequest) {
  worker_.behave("careful", "careful");
  const fs::path file = planned("careful");
  const BlockedSignals blocked;
  const Interruption stop(file.parent_path() / "progress.json", {SIGTERM, SIGUSR1}, std::chrono::milliseconds(0));
  EXPECT_EQ(carry_out(file).state, RunResult::State::interrupted);
  EXPECT_THAT(worker_.lines("saved"), ElementsAre("whole")) << "the second signal killed it";
}

TEST(PlannedRunTest, IsOfTheFolderThatItsFileLiesIn) {
  const ScratchFolder here;
  RunSpec run = small_run("good", "/elsewhere/out");
  run.reuse = {{"pretrain", "/elsewhere/out/runs/other-s0-0123456789ab.h5"}, {"knn", "/etc/passwd"}};
  RunSpec place = run;
  place.out = here.path();
  const fs::path file = here.write("work/" + run.name() + "/runspec.json", run_spec_to_json(run).dump());
  ASSERT_EQ(file, runspec_file(place));
  const RunSpec read = planned_run(file);
  EXPECT_EQ(read.out, here.path());
  EXPECT_EQ(read.reuse.at("pretrain"), (here.path() / "runs/other-s0-0123456789ab.h5").string());
  EXPECT_EQ(read.reuse.at("knn"), (here.path() / "runs/passwd").string()) << "nothing outside the folder is taken over";
}

// Fault matrix: 55
TEST(PlannedRunTest, RefusesWhatAStrangerMayHaveMade) {
  const ScratchFolder here;
  const std::string spec = run_spec_to_json(small_run("good", here.path())).dump();
  const std::string place = "work/" + small_run("good", "").name() + "/runspec.json";
  const auto refused = [&](const std::string& name, const std::string& text) {
    const fs::path file = here.write(name, text);
    return refusal([&] { planned_run(file); });
  };
  EXPECT_THAT(refused("runspec.json", spec), HasSubstr("is carried out where it was planned"));
  EXPECT_THAT(refused("work/other-s0-0123456789ab/runspec.json", spec), HasSubstr("is the RunSpec of good-s0"));
  EXPECT_THAT(refused(place, "{"), HasSubstr("not JSON"));
  EXPECT_THAT(refused(place, "[]"), HasSubstr("not a RunSpec"));
  EXPECT_THAT(refused(place, std::string(100'000, '[')), HasSubstr("not JSON"));
  EXPECT_THAT(refusal([&] { planned_run(here.path() / "absent"); }), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal([&] { planned_run(here.path()); }), HasSubstr("cannot be read"));
  fs::resize_file(here.write(place, ""), uintmax_t{1} << 32);
  EXPECT_THAT(refusal([&] { planned_run(here.path() / place); }), HasSubstr("cannot be read"));

  const fs::path file = here.write(place, spec);
  const ScratchFolder victim;
  fs::create_directory_symlink(victim.path(), here.path() / "runs");
  EXPECT_THAT(refusal([&] { planned_run(file); }), AllOf(HasSubstr("symbolic link"), HasSubstr("runs")));
  fs::remove(here.path() / "runs");
  fs::rename(here.path() / "work", victim.path() / "work");
  fs::create_directory_symlink(victim.path() / "work", here.path() / "work");
  EXPECT_THAT(refusal([&] { planned_run(file); }), HasSubstr("symbolic link"));
}

}  // namespace
}  // namespace sslbench
