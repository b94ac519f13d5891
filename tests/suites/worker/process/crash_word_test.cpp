// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/crash_word.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "suites/ground/process_limits.h"
#include "suites/ground/sanitizer.h"

namespace sslbench {
namespace {

class CrashWordDeathTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef SSLBENCH_UNDER_SANITIZER
    GTEST_SKIP() << "not run: the sanitizer has a word of its own, and needs more memory than this test allows";
#endif
  }
  // Crashes with so much memory left.
  [[noreturn]] static void crash(uint64_t left) {
    leave_no_core();
    limit_memory(memory_taken() + left);
    explain_crashes_near_memory_limit();
    ::raise(SIGSEGV);
    ::_exit(0);
  }
};

TEST_F(CrashWordDeathTest, NearTheLimitItSaysOutOfMemoryAndDiesOfTheSignal) {
  EXPECT_EXIT(crash(kNearMemoryLimit / 2), ::testing::KilledBySignal(SIGSEGV), "out of memory");
}

TEST_F(CrashWordDeathTest, FarFromTheLimitItSaysNothing) {
  EXPECT_EXIT(crash(kNearMemoryLimit * 8), ::testing::KilledBySignal(SIGSEGV), "^$");
}

}  // namespace
}  // namespace sslbench
