// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/process_limits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "suites/ground/sanitizer.h"

namespace sslbench {
namespace {

class ProcessLimitsDeathTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef SSLBENCH_UNDER_SANITIZER
    GTEST_SKIP() << "not run: there are no limits of memory under a sanitizer";
#endif
  }
  // Exits with 1 when a process with so much memory left takes itself for near its limit, else with 0.
  [[noreturn]] static void ask(uint64_t left) {
    limit_memory(memory_taken() + left);
    ::_exit(came_near_memory_limit() ? 1 : 0);
  }
};

TEST_F(ProcessLimitsDeathTest, OnlyALimitThatWasNearlyReachedIsNear) {
  EXPECT_EXIT(ask(kNearMemoryLimit / 2), ::testing::ExitedWithCode(1), "");
  EXPECT_EXIT(ask(uint64_t{1} << 40), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sslbench
