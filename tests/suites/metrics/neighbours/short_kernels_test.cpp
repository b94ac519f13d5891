// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/short_kernels.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sslbench {
namespace {

constexpr size_t kStride = 20;

std::vector<int32_t> products(const ShortKernel& kernel, const std::vector<int16_t>& queries,
                              const std::vector<int16_t>& rows, size_t pairs) {
  std::vector<int32_t> out(ShortTile::kQueries * kStride, -1);
  kernel.multiply({queries.data(), rows.data(), pairs}, kStride, out.data());
  return out;
}

// Odd and even counts of column pairs, down to one.
TEST(ShortKernelsTest, EveryKernelOfThisProcessorGivesTheSameProducts) {
  std::mt19937 random(4);
  std::uniform_int_distribution<int> any(-6000, 6000);  // 50 pairs of which stay within 32 bits
  for (const size_t pairs : {1, 2, 3, 8, 49, 50}) {
    std::vector<int16_t> queries(pairs * 2 * ShortTile::kQueries), rows(pairs * 2 * ShortTile::kRows);
    for (int16_t& each : queries) each = static_cast<int16_t>(any(random));
    for (int16_t& each : rows) each = static_cast<int16_t>(any(random));
    const ShortKernel& plain = short_kernels().back();
    const std::vector<int32_t> wanted = products(plain, queries, rows, pairs);
    EXPECT_EQ(wanted[kStride + 2], [&] {  // query 1, row 2, by definition
      int32_t sum = 0;
      for (size_t c = 0; c < pairs; ++c) {
        for (size_t i = 0; i < 2; ++i) {
          sum += queries[(c * ShortTile::kQueries + 1) * 2 + i] * rows[(c * ShortTile::kRows + 2) * 2 + i];
        }
      }
      return sum;
    }());
    for (const ShortKernel& kernel : short_kernels()) {
      EXPECT_EQ(products(kernel, queries, rows, pairs), wanted) << kernel.name << ", " << pairs << " pairs";
    }
  }
}

}  // namespace
}  // namespace sslbench
