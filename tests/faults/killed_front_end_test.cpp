// SPDX-License-Identifier: Apache-2.0
// `kill -9` of sslbench itself: its workers save and go, and the same command goes on.
#include <gmock/gmock.h>
#include <signal.h>

#include <random>
#include <thread>

#include "suites/spec/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

TEST(KilledFrontEndTest, WorkersGoAndTheSameCommandGoesOn) {
  TinySuite suite;
  ASSERT_EQ(suite.run().code, 0);
  const auto undisturbed = suite.report();
  const auto hashes = state_hashes(suite.record("supervised"));
  suite.out = suite.folder() / "disturbed";
  {
    Program run(suite.run_command(), suite.around);
    suite.wait_for_step(run, "supervised", 2);
    const pid_t worker = suite.worker("supervised");
    ASSERT_GT(worker, 0);
    run.signal(SIGKILL);
    EXPECT_EQ(run.wait().signal, SIGKILL);
    EXPECT_TRUE(eventually(10, [&] { return !is_alive(worker); })) << "the worker outlives its front end";
  }
  const fs::path finished = suite.record_file("simclr");
  ASSERT_FALSE(finished.empty());
  const std::string bytes = read_file(finished);
  const auto written = fs::last_write_time(finished);

  const Ending end = suite.run();
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("1 of 3 runs are done already"));
  EXPECT_EQ(read_file(finished), bytes);
  EXPECT_EQ(fs::last_write_time(finished), written);
  EXPECT_EQ(state_hashes(suite.record("supervised")), hashes);
  EXPECT_EQ(differences(undisturbed, suite.report()), "[]");
}

// Workers and front ends die at five moments of a fixed seed; whatever they were doing, the end is the same.
TEST(KilledFrontEndTest, FiveKillsAtAnyMomentChangeNothingButTimings) {
  TinySuite suite;
  ASSERT_EQ(suite.run().code, 0);
  const auto undisturbed = suite.report();
  suite.out = suite.folder() / "disturbed";
  std::mt19937 random(3);
  for (int kill = 0; kill < 5; ++kill) {
    Program run(suite.run_command(), suite.around);
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 1500));
    const std::vector<pid_t> workers = suite.workers();
    if (kill % 2 == 1 && !workers.empty()) {
      ::kill(workers[0], SIGKILL);
      run.wait();
    } else {
      run.signal(SIGKILL);
      run.wait();
    }
  }
  const Ending end = suite.run();
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(suite.workers(), IsEmpty());
  EXPECT_EQ(differences(undisturbed, suite.report()), "[]");
}

}  // namespace
}  // namespace sslbench
