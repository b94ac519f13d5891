// SPDX-License-Identifier: Apache-2.0
// Locks, clocks and HDF5 settings of machines that are not like ours.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/injected_fault.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<std::string> kQuick{"--only", "random_init"};

class LockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kNoPreloading) GTEST_SKIP() << kWhyNoPreloading;
  }
  Ending run_with(const Fault& fault) const {
    return run_program(suite_.run_command(kQuick), InjectedFault(fault).in(suite_.around));
  }
  TinySuite suite_;
};

// Fault matrix: 30
TEST_F(LockTest, AFileSystemWithoutLocksIsRefused) {
  const Ending end = run_with({"lock", 1, "error:37"});
  EXPECT_EQ(end.code, 2) << end.errors;
  EXPECT_THAT(end.errors, AllOf(HasSubstr("results folder"), HasSubstr("No locks available")));
  EXPECT_TRUE(suite_.record_file("random_init").empty());
}

// Fault matrix: 30
TEST_F(LockTest, AWorkFolderWithoutLocksFailsTheRun) {
  const Ending end = run_with({"lock", 1, "error:37", "/work/", "sslbench-worker"});
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite_.record("random_init").status, "failed(storage)");
  EXPECT_THAT(suite_.record("random_init").failure, HasSubstr("No locks available"));
  EXPECT_EQ(suite_.run(kQuick).code, 0);
}

// Fault matrix: 27, 28
TEST_F(LockTest, AHolderOnAnotherMachineIsNamed) {
  fs::create_directories(suite_.out);
  suite_.write("out/.lock", "pid 4711 on far-away");
  const Ending end = run_with({"lock", 1, "error:11"});
  EXPECT_EQ(end.code, 2) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("in use by pid 4711 on far-away"));
}

// The text of a lock is what its last holder wrote; who died holds nothing.
// Fault matrix: 28
TEST_F(LockTest, OneThatADeadHolderOfAnotherMachineLeftIsTaken) {
  fs::create_directories(suite_.out);
  suite_.write("out/.lock", "pid 4711 on far-away");
  const Ending end = suite_.run(kQuick);
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(suite_.record("random_init").status, "ok");
}

// Fault matrix: 29
TEST(Hdf5LockingTest, ItsOwnLocksAreNotNeeded) {
  nlohmann::json plain;
  TinySuite suite;
  for (const char* locking : {"", "FALSE", "TRUE"}) {
    suite.out = suite.folder() / (std::string("out") + locking);
    if (*locking != '\0') suite.around.environment["HDF5_USE_FILE_LOCKING"] = locking;
    Program first(suite.run_command({"--only", "[sr][ua]*"}), suite.around);
    EXPECT_TRUE(eventually(60, [&] { return fs::exists(suite.out / "plan.json"); }));
    const Ending second = suite.run({"--only", "[sr][ua]*"});
    EXPECT_EQ(second.code, 2) << second.errors;
    EXPECT_THAT(second.errors, HasSubstr("in use by pid " + std::to_string(first.pid())));
    EXPECT_EQ(first.wait().code, 0) << locking;
    if (plain.is_null()) plain = suite.report();
    EXPECT_EQ(differences(plain, suite.report()), "[]") << locking;
  }
}

class ClockTest : public ::testing::TestWithParam<const char*> {};

// Fault matrix: 60
TEST_P(ClockTest, ALeapOfTheWallClockChangesNoDuration) {
  if (kNoPreloading) GTEST_SKIP() << kWhyNoPreloading;
  TinySuite suite;
  for (const char* program : {"sslbench", "sslbench-worker"}) {
    suite.out = suite.folder() / program;
    const InjectedFault leap({"clock", 2, GetParam(), "", program});
    const Ending end = run_program(suite.run_command({"--only", "[sr][ua]*"}), leap.in(suite.around));
    EXPECT_EQ(end.code, 0) << end.errors;
    EXPECT_GT(leap.counted(), 0) << "nobody asked for the time";
    for (const char* row : {"supervised", "random_init"}) {
      for (const StageRecord& stage : suite.record(row).stages) {
        EXPECT_TRUE(stage.wall_seconds >= 0 && stage.wall_seconds < 600) << row << " " << stage.wall_seconds;
        EXPECT_TRUE(stage.setup_seconds < 600) << stage.setup_seconds;
        EXPECT_TRUE(stage.images_per_second >= 0) << stage.images_per_second;
      }
    }
    EXPECT_EQ(end.errors.find('-' + std::string("1 s")), std::string::npos) << end.errors;
  }
}

INSTANTIATE_TEST_SUITE_P(Leaps, ClockTest, ::testing::Values("jump:-3600", "jump:31536000"),
                         [](const auto& info) { return std::string(info.index == 0 ? "Back" : "Forward"); });

}  // namespace
}  // namespace sslbench
