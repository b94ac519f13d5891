// SPDX-License-Identifier: Apache-2.0
#include "datasets/subset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

TEST(SubsetTest, SmallerSubsetsArePartsOfLargerOnes) {
  const auto small = fixed_subset(1000, 100), large = fixed_subset(1000, 300);
  EXPECT_EQ(small.size(), 100u);
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
}

TEST(SubsetTest, IsSpreadOverTheWhole) {
  const auto half = fixed_subset(10000, 5000);
  const auto in_first_half = std::lower_bound(half.begin(), half.end(), 5000) - half.begin();
  EXPECT_NEAR(static_cast<double>(in_first_half), 2500, 4.5 * 25);  // hypergeometric, deviation 25
}

TEST(SubsetTest, ZeroMeansAllAndTooManyAreRefused) {
  EXPECT_THAT(fixed_subset(3, 0), testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(fixed_subset(3, 3), testing::ElementsAre(0, 1, 2));
  EXPECT_THROW(fixed_subset(3, 4), UserError);
}

}  // namespace
}  // namespace sslbench
