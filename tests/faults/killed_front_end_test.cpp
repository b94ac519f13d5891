// SPDX-License-Identifier: Apache-2.0
// `kill -9` of sslbench itself: its workers save and go, and the same command goes on.
#include <gmock/gmock.h>
#include <signal.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::ContainsRegex;
namespace fs = std::filesystem;

// Fault matrix: 1, 11
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
  // Two run at a time, and supervised begins when one of the others has ended.
  const fs::path simclr = suite.record_file("simclr"),
                 finished = simclr.empty() ? suite.record_file("random_init") : simclr;
  ASSERT_FALSE(finished.empty());
  const std::string bytes = read_file(finished);
  const auto written = fs::last_write_time(finished);

  const Ending end = suite.run();
  EXPECT_EQ(end.code, 0) << end.errors;
  // Or both.
  EXPECT_THAT(end.errors, ContainsRegex("[12] of 3 runs are done already"));
  EXPECT_EQ(read_file(finished), bytes);
  EXPECT_EQ(fs::last_write_time(finished), written);
  EXPECT_EQ(state_hashes(suite.record("supervised")), hashes);
  EXPECT_EQ(differences(undisturbed, suite.report()), "[]");
}

}  // namespace
}  // namespace sslbench
