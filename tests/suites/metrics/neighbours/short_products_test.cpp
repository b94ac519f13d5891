// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/short_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "suites/ground/random.h"
#include "suites/metrics/matrix.h"

namespace sslbench {
namespace {

Matrix drawn(size_t rows, size_t columns, uint32_t seed, double scale = 1) {
  RandomStream random(seed, RandomUse::split, 0, 0);
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(scale * (random.uniform() - 0.5));
  return out;
}

RowsView<double> view(const Matrix& of) { return {of.values.data(), of.rows, of.columns}; }

// Whatever the scale, and where rows are of unlike length or lie in one column.
TEST(ShortProductsTest, KeepTheOrderOfExactProductsButForTheirSlack) {
  for (const double scale : {1.0, 1e-22, 1e15, 1e100}) {
    Matrix bank = drawn(300, 77, 15, scale), queries = drawn(11, 77, 16, 1 / scale);
    for (size_t c = 0; c < 77; ++c) bank.at(7, c) *= 40, bank.at(8, c) = c == 3 ? 2 * scale : 0;
    const ShortProducts rounded(view(bank));
    const ShortQueries packed = rounded.pack(view(queries), 2, 11);
    ASSERT_EQ(packed.count, 9u);
    std::vector<int32_t> products(ShortProducts::kQueriesAtOnce * ShortProducts::kRowsAtOnce);
    for (size_t tile = 0; tile < bank.rows; tile += ShortProducts::kRowsAtOnce) {
      rounded.products(packed, tile, products.data());
      for (size_t q = 0; q < packed.count; ++q) {
        ASSERT_NE(packed.slack[q], ShortProducts::kNoBound);
        const auto exact = [&](size_t r) { return static_cast<float>(dot(queries.row(2 + q), bank.row(tile + r))); };
        const int32_t* row = &products[q * ShortProducts::kRowsAtOnce];
        const size_t rows = std::min(bank.rows - tile, ShortProducts::kRowsAtOnce);
        for (size_t a = 0; a < rows; ++a) {
          for (size_t b = 0; b < rows; ++b) {
            if (exact(a) >= exact(b))
              ASSERT_GE(row[a] + packed.slack[q], row[b]) << "query " << q << " rows " << a << b;
          }
        }
      }
    }
  }
}

TEST(ShortProductsTest, TheSlackIsSmallBesideTheProducts) {
  const Matrix bank = drawn(100, 384, 20), queries = drawn(2, 384, 21);
  const ShortProducts rounded(view(bank));
  const ShortQueries packed = rounded.pack(view(queries), 0, 2);
  std::vector<int32_t> products(ShortProducts::kQueriesAtOnce * ShortProducts::kRowsAtOnce);
  rounded.products(packed, 0, products.data());
  const auto [low, high] = std::minmax_element(products.begin(), products.begin() + 100);
  EXPECT_LT(static_cast<double>(packed.slack[0]), 0.01 * (static_cast<double>(*high) - *low));
}

// Rows as long as they may be, all of one sign: their products are the largest that there are.
TEST(ShortProductsTest, SumsStayWithinTheirBits) {
  const Matrix all{1, 4096, std::vector<double>(4096, 1.0)}, one{1, 2, {1, 0}};
  std::vector<int32_t> products(ShortProducts::kQueriesAtOnce * ShortProducts::kRowsAtOnce);
  for (const Matrix* same : {&all, &one}) {
    const ShortProducts rounded(view(*same));
    rounded.products(rounded.pack(view(*same), 0, 1), 0, products.data());
    EXPECT_GT(products[0], 1 << 29);
  }
}

TEST(ShortProductsTest, NumbersWhoseSquaresAreNoneHaveNoBound) {
  const auto slack = [](const Matrix& bank, const Matrix& query) {
    return ShortProducts(view(bank)).pack(view(query), 0, 1).slack[0];
  };
  EXPECT_EQ(slack(drawn(3, 4, 17, 1e30), drawn(1, 4, 18, 1e10)), ShortProducts::kNoBound);  // beyond single precision
  EXPECT_EQ(slack(drawn(3, 4, 17, 1e200), drawn(1, 4, 18, 1)), ShortProducts::kNoBound);
  EXPECT_EQ(slack(drawn(3, 4, 17, 1), drawn(1, 4, 18, 1e-200)), ShortProducts::kNoBound);
  EXPECT_NE(slack(drawn(3, 4, 17, 0), drawn(1, 4, 18, 1)), ShortProducts::kNoBound);  // all products are 0
}

}  // namespace
}  // namespace sslbench
