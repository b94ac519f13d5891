// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/short_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/suites/metrics/drawn_matrix.h"

namespace sslbench {
namespace {

// [query][row of the tile], as ShortProducts lays them out.
std::vector<int32_t> products_of(const ShortProducts& rounded, const ShortQueries& queries, size_t tile = 0) {
  std::vector<int32_t> out(ShortProducts::kQueriesAtOnce * ShortProducts::kRowsAtOnce);
  rounded.products(queries, tile, out.data());
  return out;
}

// Of every two rows of which one is at least as near as the other.
void expect_order(const std::vector<float>& exact, const int32_t* rounded, int64_t slack) {
  for (size_t a = 0; a < exact.size(); ++a) {
    for (size_t b = 0; b < exact.size(); ++b) {
      if (exact[a] >= exact[b]) ASSERT_GE(rounded[a] + slack, rounded[b]) << "rows " << a << " " << b;
    }
  }
}

// Whatever the scale, and where rows are of unlike length or lie in one column.
TEST(ShortProductsTest, KeepTheOrderOfExactProductsButForTheirSlack) {
  for (const double scale : {1.0, 1e-22, 1e15, 1e100}) {
    Matrix bank = drawn_matrix(300, 77, 15, scale), queries = drawn_matrix(11, 77, 16, 1 / scale);
    for (size_t c = 0; c < 77; ++c) bank.at(7, c) *= 40, bank.at(8, c) = c == 3 ? 2 * scale : 0;
    const ShortProducts rounded(rows_of(bank));
    const ShortQueries packed = rounded.pack(rows_of(queries), 2, 11);
    ASSERT_EQ(packed.count, 9u);
    for (size_t tile = 0; tile < bank.rows; tile += ShortProducts::kRowsAtOnce) {
      const std::vector<int32_t> products = products_of(rounded, packed, tile);
      for (size_t q = 0; q < packed.count; ++q) {
        ASSERT_NE(packed.slack[q], ShortProducts::kNoBound);
        std::vector<float> exact;
        for (size_t r = tile; r < std::min(bank.rows, tile + ShortProducts::kRowsAtOnce); ++r) {
          exact.push_back(static_cast<float>(dot(queries.row(2 + q), bank.row(r))));
        }
        expect_order(exact, &products[q * ShortProducts::kRowsAtOnce], packed.slack[q]);
      }
    }
  }
}

TEST(ShortProductsTest, TheSlackIsSmallBesideTheProducts) {
  const Matrix bank = drawn_matrix(100, 384, 20), queries = drawn_matrix(2, 384, 21);
  const ShortProducts rounded(rows_of(bank));
  const ShortQueries packed = rounded.pack(rows_of(queries), 0, 2);
  const std::vector<int32_t> products = products_of(rounded, packed);
  const auto [low, high] = std::minmax_element(products.begin(), products.begin() + 100);
  EXPECT_LT(static_cast<double>(packed.slack[0]), 0.01 * (static_cast<double>(*high) - *low));
}

// Rows as long as they may be, all of one sign: their products are the largest that there are.
TEST(ShortProductsTest, SumsStayWithinTheirBits) {
  const Matrix all{1, 4096, std::vector<double>(4096, 1.0)}, one{1, 2, {1, 0}};
  for (const Matrix* same : {&all, &one}) {
    const ShortProducts rounded(rows_of(*same));
    EXPECT_GT(products_of(rounded, rounded.pack(rows_of(*same), 0, 1))[0], 1 << 29);
  }
}

TEST(ShortProductsTest, NumbersWhoseSquaresAreNoneHaveNoBound) {
  const auto slack = [](const Matrix& bank, const Matrix& query) {
    return ShortProducts(rows_of(bank)).pack(rows_of(query), 0, 1).slack[0];
  };
  EXPECT_EQ(slack(drawn_matrix(3, 4, 17, 1e30), drawn_matrix(1, 4, 18, 1e10)),
            ShortProducts::kNoBound);  // beyond single precision
  EXPECT_EQ(slack(drawn_matrix(3, 4, 17, 1e200), drawn_matrix(1, 4, 18, 1)), ShortProducts::kNoBound);
  EXPECT_EQ(slack(drawn_matrix(3, 4, 17, 1), drawn_matrix(1, 4, 18, 1e-200)), ShortProducts::kNoBound);
  EXPECT_NE(slack(drawn_matrix(3, 4, 17, 0), drawn_matrix(1, 4, 18, 1)),
            ShortProducts::kNoBound);  // all products are 0
}

}  // namespace
}  // namespace sslbench
