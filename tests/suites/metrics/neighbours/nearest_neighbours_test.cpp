// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/nearest_neighbours.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/suites/metrics/drawn_matrix.h"

namespace sslbench {
namespace {

// Every product one by one, sorted whole.
void expect_as_sorted(const Matrix& bank, const Matrix& queries, size_t k, size_t threads) {
  const Neighbours found = nearest_neighbours(bank, queries, k, threads);
  for (size_t q = 0; q < queries.rows; ++q) {
    std::vector<float> similarity;
    for (size_t r = 0; r < bank.rows; ++r) {
      similarity.push_back(static_cast<float>(dot(queries.row(q), bank.row(r))));
    }
    std::vector<int64_t> order(bank.rows);
    std::iota(order.begin(), order.end(), int64_t{0});
    std::ranges::stable_sort(order, [&](int64_t a, int64_t b) {
      return similarity[static_cast<size_t>(a)] > similarity[static_cast<size_t>(b)];
    });
    for (size_t i = 0; i < k; ++i) {
      ASSERT_EQ(found.index[q * k + i], order[i]) << "query " << q << ", place " << i;
      ASSERT_EQ(found.similarity[q * k + i], similarity[static_cast<size_t>(order[i])]);
    }
  }
}

TEST(NearestNeighboursTest, EqualsSortingAllExactProducts) {
  expect_as_sorted(drawn_matrix(2500, 33, 1), drawn_matrix(200, 33, 2), 20, 1);
  expect_as_sorted(drawn_matrix(1025, 5, 3), drawn_matrix(7, 5, 4), 1025, 2);
  expect_as_sorted(drawn_matrix(17, 1, 5), drawn_matrix(1, 1, 6), 1, 3);
}

// Far more of them than are kept, and closer together than single precision tells.
TEST(NearestNeighboursTest, OfEquallyNearRowsTheLowerIndexComesFirst) {
  Matrix bank = drawn_matrix(3000, 40, 7);
  for (size_t r = 0; r < bank.rows; ++r) {
    for (size_t c = 0; c < bank.columns; ++c) bank.at(r, c) = bank.at(0, c) * (r % 3 == 0 ? 1 : 1 + 1e-9 * (r % 5));
  }
  expect_as_sorted(bank, drawn_matrix(4, 40, 8), 12, 2);
}

TEST(NearestNeighboursTest, NumbersBeyondSinglePrecisionHaveTheirOrderToo) {
  expect_as_sorted(drawn_matrix(300, 12, 9, 1e25), drawn_matrix(5, 12, 10, 1e-20), 10, 1);
  expect_as_sorted(drawn_matrix(300, 12, 11, 1e60), drawn_matrix(5, 12, 12, 1e-60), 10, 1);
  expect_as_sorted(drawn_matrix(300, 12, 13, 1e-30), drawn_matrix(5, 12, 14, 1e-14), 10, 1);
}

}  // namespace
}  // namespace sslbench
