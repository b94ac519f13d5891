// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/threads/row_blocks.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(RowBlocksTest, DoesEveryRowOnceAndThrowsTheFirstFailure) {
  std::vector<int> done(1000, 0), once(1000, 1);
  for_row_blocks(1000, 7, 4, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) ++done[i];
  });
  EXPECT_EQ(done, once);
  for (int repeat = 0; repeat < 50; ++repeat) {
    try {
      for_row_blocks(1000, 7, 4, [](size_t first, size_t) {
        if (first >= 70) throw first;
      });
      ADD_FAILURE();
    } catch (const size_t first) {
      EXPECT_EQ(first, 70u);
    }
  }
}

}  // namespace
}  // namespace sslbench
