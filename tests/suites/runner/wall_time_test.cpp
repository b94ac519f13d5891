// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/wall_time.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(WallTimeTest, OneAtATimeAddsUp) { EXPECT_DOUBLE_EQ(wall_time({3, 1, 2}, 1), 6); }

TEST(WallTimeTest, SeveralAtATimeWaitForTheLongest) {
  EXPECT_DOUBLE_EQ(wall_time({3, 1, 2}, 2), 3);
  EXPECT_DOUBLE_EQ(wall_time({2, 2, 2}, 2), 4) << "not 6 / 2";
  EXPECT_DOUBLE_EQ(wall_time({1, 1, 1, 9}, 8), 9);
  EXPECT_DOUBLE_EQ(wall_time({}, 4), 0);
}

}  // namespace
}  // namespace sslbench
