// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/top_products.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

// Small whole numbers, so that products are exact in any order of summing and many are equal.
Tensor whole_numbers(int64_t rows, int64_t columns, uint64_t seed) {
  at::manual_seed(seed);
  return at::randint(-2, 3, {rows, columns}, at::kFloat);
}

// All products sorted, of equal ones the lower index first.
void expect_sorted_products(const Tensor& bank_ND, const Tensor& query_MD, int64_t K) {
  const TopProducts found = ProductSearch(bank_ND).top(query_MD, K);
  const auto [value, index] = at::sort(at::mm(query_MD, bank_ND.t()), /*stable=*/true, 1, /*descending=*/true);
  EXPECT_TRUE(at::equal(found.value_MK, value.narrow(1, 0, K))) << K;
  EXPECT_TRUE(at::equal(found.index_MK, index.narrow(1, 0, K))) << K;
}

TEST(TopProductsTest, AreThoseOfTheWholeMatrixTiesByIndex) {
  const Tensor bank = whole_numbers(9000, 5, 1), queries = whole_numbers(300, 5, 2);
  for (const int64_t K : {1, 7, 200, 5000, 9000}) expect_sorted_products(bank, queries, K);
}

TEST(TopProductsTest, SmallBanksAndSingleQueries) {
  for (const int64_t rows : {1, 2, 33}) expect_sorted_products(whole_numbers(rows, 3, 3), whole_numbers(1, 3, 4), rows);
}

TEST(TopProductsTest, ABankInFallingAndInRisingOrder) {
  const Tensor rising = at::arange(5000, at::kFloat).view({5000, 1}), query = at::ones({2, 1}, at::kFloat);
  expect_sorted_products(rising, query, 10);
  expect_sorted_products(rising.flip(0).contiguous(), query, 10);
}

TEST(TopProductsTest, OtherTypesGiveTheSameValues) {
  const Tensor bank = whole_numbers(500, 4, 5), queries = whole_numbers(20, 4, 6);
  const TopProducts single = ProductSearch(bank).top(queries, 9),
                    twice = ProductSearch(bank.to(at::kDouble)).top(queries.to(at::kDouble), 9);
  EXPECT_TRUE(at::equal(single.value_MK.to(at::kDouble), twice.value_MK));
}

}  // namespace
}  // namespace sslbench
