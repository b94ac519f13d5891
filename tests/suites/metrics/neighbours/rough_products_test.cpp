// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/rough_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "suites/ground/random.h"

namespace sslbench {
namespace {

Matrix drawn(size_t rows, size_t columns, uint32_t seed, double scale = 1) {
  RandomStream random(seed, RandomUse::split, 0, 0);
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(scale * (random.uniform() - 0.5));
  return out;
}

TEST(RoughProductsTest, LieWithinTheirBound) {
  for (const double scale : {1.0, 1e-22, 1e15}) {
    const Matrix bank = drawn(1100, 77, 15, scale), queries = drawn(11, 77, 16, scale);
    const RoughProducts rough(bank);
    const std::vector<float> packed = rough.pack(queries, 2, 11);
    std::vector<float> products(RoughProducts::kQueriesAtOnce * RoughProducts::kRowsAtOnce);
    for (size_t tile = 0; tile < bank.rows; tile += RoughProducts::kRowsAtOnce) {
      rough.products(packed, 9, tile, products.data());
      for (size_t q = 0; q < 9; ++q) {
        const double bound = rough.error_bound(queries.row(2 + q));
        ASSERT_LT(bound, 1e-4 * 77 * scale * scale + 1e-40);
        for (size_t r = tile; r < std::min(bank.rows, tile + RoughProducts::kRowsAtOnce); ++r) {
          const double exact = static_cast<float>(dot(queries.row(2 + q), bank.row(r)));
          ASSERT_LE(std::abs(products[q * RoughProducts::kRowsAtOnce + r - tile] - exact), bound);
        }
      }
    }
  }
}

TEST(RoughProductsTest, TooLargeNumbersHaveNoBound) {
  const RoughProducts rough(drawn(3, 4, 17, 1e30));
  EXPECT_TRUE(std::isinf(rough.error_bound(drawn(1, 4, 18, 1e10).row(0))));
  EXPECT_TRUE(std::isfinite(rough.error_bound(drawn(1, 4, 18, 1).row(0))));
}

}  // namespace
}  // namespace sslbench
