// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/concurrent.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace sslbench {
namespace {

TEST(ConcurrentTest, EveryPlaceIsVisitedOnce) {
  for (const size_t count : {0, 1, 2, 1000}) {
    std::vector<int> visits(count);
    for_each_concurrently(count, [&](size_t i) { ++visits[i]; });
    EXPECT_EQ(visits, std::vector<int>(count, 1));
  }
}

TEST(ConcurrentTest, WhatAPlaceThrowsReachesTheCaller) {
  for (const size_t bad : {0, 3, 999}) {
    const auto body = [&](size_t i) {
      if (i == bad) throw std::runtime_error("bad place");
    };
    EXPECT_THROW(for_each_concurrently(1000, body), std::runtime_error);
  }
}

}  // namespace
}  // namespace sslbench
