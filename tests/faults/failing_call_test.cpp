// SPDX-License-Identifier: Apache-2.0
// Every call to the system by which a run writes, made to fail or made its last one: nothing torn is published, the
// run says what happened, and the same command ends as if nothing had. SSLBENCH_FULL_FAULTS=1 walks every position.
#include <gmock/gmock.h>
#include <signal.h>

#include <iostream>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/faults/injected_fault.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

// Two saved steps, one protocol: every kind of file that a suite leaves.
constexpr const char* kSmallest = R"(# Does one run survive?
dataset = { name = "shapes", size = 32, train_images = 32, test_images = 16 }
backbone = "convnet"
threads = 1
[pretrain]
epochs = 2
batch_size = 16
precision = "fp32"
checkpoint_seconds = 0
hash_every = 1
[methods.random_init]
[methods.simclr]
hidden = 16
projection = 8
[protocols.knn]
)";

std::vector<std::string> temporaries(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".tmp") out.push_back(entry.path().filename().string());
  }
  return out;
}

class FailingCallTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kNoPreloading) GTEST_SKIP() << kWhyNoPreloading;
    ASSERT_EQ(suite_.run(kOnly).code, 0);
    undisturbed_ = suite_.report();
    hashes_ = state_hashes(suite_.record("simclr"));
    ASSERT_EQ(hashes_.size(), 4u);
  }

  // The ends of a run whose fault is at each of `few` positions (all, where asked); `judge` sees each. Counts the
  // positions first, in a run without a fault.
  void walk(Fault fault, int64_t few, const std::function<void(const InjectedFault&, const Ending&)>& judge) {
    fault.path = (suite_.folder() / "disturbed").string();
    fault.at = 0;
    fresh_folder();
    const InjectedFault none(fault);
    ASSERT_EQ(run_program(suite_.run_command(kOnly), none.in(suite_.around)).code, 0);
    ASSERT_GT(none.counted(), 0);
    int64_t walked = 0;
    for (const int64_t at : positions(none.counted(), few)) {
      SCOPED_TRACE(fault.call + " " + std::to_string(at) + " of " + std::to_string(none.counted()));
      fault.at = at;
      fresh_folder();
      const InjectedFault injected(fault);
      judge(injected, run_program(suite_.run_command(kOnly), injected.in(suite_.around)));
      expect_whole_files();
      expect_same_end();
      ++walked;
    }
    std::cout << fault.call << ", " << fault.what << ": " << walked << " of " << none.counted() << " positions\n";
  }

  // A fault that is told: of the person's folder, of the run, of the report, or of no consequence.
  static void expect_told(const InjectedFault& fault, const Ending& end) {
    EXPECT_EQ(end.signal, 0) << end.errors;
    EXPECT_THAT(end.code, AnyOf(Eq(0), Eq(2), Eq(3))) << end.errors;
    for (const char* wrong : {"failed(internal)", "failed(signal)", "internal error"}) {
      EXPECT_EQ(end.errors.find(wrong), std::string::npos) << end.errors;
    }
    if (end.code == 3) {
      EXPECT_THAT(end.errors, AnyOf(HasSubstr("failed(storage)"), HasSubstr("failed(checkpoint)"),  // not to be read
                                    HasSubstr("the report could not be written")));
    }
    if (end.code == 2) EXPECT_THAT(end.errors, HasSubstr("error: "));
    expect_met(fault, end);
  }

  // On a slow machine more is written of the progress than on a fast one: the last positions may not be met.
  static void expect_met(const InjectedFault& fault, const Ending& end) {
    if (fault.fired() == 0) EXPECT_EQ(end.code, 0) << end.errors;
  }

  void expect_whole_files() const {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(suite_.out / "runs", none)) {
      const std::string name = entry.path().filename().string();
      if (name[0] != '.' && name.ends_with(".h5")) EXPECT_NO_THROW(read_record(entry.path())) << name;
    }
  }

  void expect_same_end() const {
    const Ending again = suite_.run(kOnly);
    EXPECT_EQ(again.code, 0) << again.errors;
    EXPECT_EQ(differences(undisturbed_, suite_.report()), "[]");
    EXPECT_EQ(state_hashes(suite_.record("simclr")), hashes_);
    EXPECT_THAT(temporaries(suite_.out / "runs"), IsEmpty());
  }

  void fresh_folder() {
    suite_.out = suite_.folder() / "disturbed";
    fs::remove_all(suite_.out);
  }

  const std::vector<std::string> kOnly{"--only", "simclr"};
  TinySuite suite_{kSmallest};
  nlohmann::json undisturbed_;
  std::vector<std::string> hashes_;
};

// Fault matrix: 13
TEST_F(FailingCallTest, AFullDiskAtAnyRenameTearsNothing) { walk({"rename", 0, "error:28"}, 7, expect_told); }

// Fault matrix: 13
TEST_F(FailingCallTest, AFullDiskFromAnyWriteOnTearsNothing) { walk({"write", 0, "from:28"}, 7, expect_told); }

// Fault matrix: 13
TEST_F(FailingCallTest, AFullDiskAtAnySyncTearsNothing) { walk({"fsync", 0, "error:28"}, 4, expect_told); }

// A page that could not be written may be gone from memory: the file is given up, neither synced again nor published.
// Fault matrix: 15
TEST_F(FailingCallTest, AFailedSyncIsNotTriedAgainAndItsFileNotPublished) {
  walk({"fsync", 0, "error:5"}, 7, [](const InjectedFault& fault, const Ending& end) {
    expect_told(fault, end);
    const std::vector<std::string> calls = fault.calls();
    const auto failed =
        std::find_if(calls.begin(), calls.end(), [](const std::string& call) { return call.ends_with(" <-"); });
    if (failed == calls.end()) return;
    const std::string path = failed->substr(0, failed->size() - 3);
    if (!fs::path(path).filename().string().starts_with(".")) return;  // a folder, or the curve log
    EXPECT_EQ(std::count(calls.begin(), calls.end(), path), 0) << "a sync was tried again: " << path;
    const std::string published = "publish" + path.substr(path.find(' '));
    EXPECT_EQ(std::count(calls.begin(), calls.end(), published), 0) << published;
  });
}

// Fault matrix: 16
TEST_F(FailingCallTest, TooManyOpenFilesAreTold) { walk({"open", 0, "error:24"}, 8, expect_told); }

// Fault matrix: 16
TEST_F(FailingCallTest, ADiskThatBecomesReadOnlyIsTold) {
  walk({"open", 0, "error:30"}, 4, expect_told);
  walk({"mkdir", 0, "error:30"}, 3, expect_told);
}

// Fault matrix: 16
TEST_F(FailingCallTest, AQuotaAndARightThatIsTakenAwayAreTold) {
  walk({"write", 0, "error:122"}, 4, expect_told);
  walk({"rename", 0, "error:13"}, 3, expect_told);
}

// What NFS may say of a file only when it is closed. In the worker alone, which writes: the front end reads records
// through HDF5 1.10, which crashes where the close of a file fails.
// Fault matrix: 13, 16
TEST_F(FailingCallTest, AnErrorAtCloseIsTold) { walk({"close", 0, "late:5", "", "sslbench-worker"}, 5, expect_told); }

// An answer that was lost: the server renamed, and says that the old name is not there.
// Fault matrix: 13
TEST_F(FailingCallTest, ARenameThatWasDoneAndFailedTearsNothing) { walk({"rename", 0, "late:2"}, 5, expect_told); }

// Fault matrix: 2
TEST_F(FailingCallTest, AKillBeforeAnyRenameLeavesTheOldFileAndNothingToSweep) {
  walk({"rename", 0, "kill"}, 7, expect_met);
}

// Fault matrix: 3
TEST_F(FailingCallTest, AKillAfterAnyRenameListsTheRunOnce) {
  walk({"rename", 0, "kill_after"}, 5, [this](const InjectedFault& fault, const Ending& end) {
    expect_met(fault, end);
    if (!fs::exists(suite_.out / "plan.json")) return;
    const Ending status = suite_.sslbench({"status", suite_.out.string(), "--json"});
    EXPECT_EQ(status.code, 0) << status.errors;
    EXPECT_EQ(nlohmann::json::parse(status.output).at("runs").size(), 2u);
  });
}

// Fault matrix: 17
TEST_F(FailingCallTest, ShortAndInterruptedWritesChangeNothing) {
  Fault fault{"write", 1, "short", suite_.folder().string()};
  fresh_folder();
  const InjectedFault injected(fault);
  const Ending end = run_program(suite_.run_command(kOnly), injected.in(suite_.around));
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_GT(injected.fired(), 40);
  EXPECT_EQ(differences(undisturbed_, suite_.report()), "[]");
  EXPECT_EQ(state_hashes(suite_.record("simclr")), hashes_);
}

// Fault matrix: 5
TEST_F(FailingCallTest, AStopSignalDuringASaveLetsItEnd) {
  for (const char* call : {"fsync", "rename"}) {
    fresh_folder();
    const InjectedFault injected({call, 2, "term", "pretrain-", "sslbench-worker"});
    const Ending end = run_program(suite_.run_command(kOnly), injected.in(suite_.around));
    EXPECT_EQ(injected.fired(), 1);
    EXPECT_EQ(end.code, 75) << end.errors;
    const int64_t saved = newest_step(suite_.work_folder("simclr"));
    EXPECT_TRUE(saved >= 1 && saved < 4) << saved;
    EXPECT_THAT(temporaries(suite_.work_folder("simclr")), IsEmpty());
    expect_same_end();
  }
}

}  // namespace
}  // namespace sslbench
