// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/largest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "suites/ground/random.h"

namespace sslbench {
namespace {

TEST(LargestTest, AreTheFirstOfAStableSortHoweverTheyCome) {
  RandomStream random(1, RandomUse::view, 0, 0);
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i) values.push_back(static_cast<float>(random.below(50)));  // many are equal
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](int64_t i) { return values[static_cast<size_t>(i)]; });
  for (const size_t keep : {1, 3, 200, 1000}) {
    Largest largest(keep);
    for (const size_t part : {1, 64, 333, 1000}) {
      largest.clear();
      for (size_t first = 0; first < values.size(); first += part) {
        largest.add(std::span(values).subspan(first, std::min(part, values.size() - first)),
                    static_cast<int64_t>(first));
      }
      std::vector<float> found(keep);
      std::vector<int64_t> places(keep);
      largest.write(found.data(), places.data());
      EXPECT_EQ(places, std::vector(order.begin(), order.begin() + static_cast<int64_t>(keep))) << keep << " " << part;
      EXPECT_EQ(found.front(), values[static_cast<size_t>(order.front())]);
    }
  }
}

}  // namespace
}  // namespace sslbench
