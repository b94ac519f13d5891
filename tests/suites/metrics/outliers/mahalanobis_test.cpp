// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/outliers/mahalanobis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "suites/ground/error.h"
#include "suites/metrics/outliers/neighbour_distance.h"

namespace sslbench {
namespace {

Matrix random_rows(size_t rows, size_t columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(normal(random));
  return out;
}

std::vector<int64_t> labels_in_turn(size_t rows, int64_t classes) {
  std::vector<int64_t> out;
  for (size_t i = 0; i < rows; ++i) out.push_back(static_cast<int64_t>(i) % classes);
  return out;
}

TEST(MahalanobisTest, IsTheSameUnderALinearMap) {
  const Matrix features = random_rows(60, 3, 1), queries = random_rows(10, 3, 2);
  const auto mapped = [](const Matrix& m) {
    Matrix out = m;
    for (size_t r = 0; r < m.rows; ++r) {
      out.at(r, 0) = 3 * m.at(r, 0) + m.at(r, 1);
      out.at(r, 1) = m.at(r, 1) - 2 * m.at(r, 2);
      out.at(r, 2) = 10 * m.at(r, 2) + 7;
    }
    return out;
  };
  const auto labels = labels_in_turn(60, 4);
  const auto one = mahalanobis_scores(features, labels, 4, queries);
  const auto other = mahalanobis_scores(mapped(features), labels, 4, mapped(queries), 3);
  EXPECT_EQ(one.rank, 3u);
  EXPECT_EQ(one.nearest, other.nearest);
  for (size_t q = 0; q < queries.rows; ++q) {
    EXPECT_NEAR(one.score[q], other.score[q], 1e-9);
    EXPECT_NEAR(one.relative[q], other.relative[q], 1e-9);
    EXPECT_LE(one.score[q], 0);
  }
}

TEST(MahalanobisTest, AColumnTwiceChangesNothing) {
  const Matrix features = random_rows(50, 3, 3), queries = random_rows(8, 3, 4);
  const auto doubled = [](const Matrix& m) {
    Matrix out{m.rows, 4, {}};
    for (size_t r = 0; r < m.rows; ++r) {
      for (size_t c = 0; c < 4; ++c) out.values.push_back(m.at(r, c % 3));
    }
    return out;
  };
  const auto labels = labels_in_turn(50, 2);
  const auto one = mahalanobis_scores(features, labels, 2, queries);
  const auto other = mahalanobis_scores(doubled(features), labels, 2, doubled(queries));
  EXPECT_EQ(other.rank, 3u);
  for (size_t q = 0; q < queries.rows; ++q) EXPECT_NEAR(one.score[q], other.score[q], 1e-9);
}

TEST(MahalanobisTest, AClassWithoutRowsIsNowhereNear) {
  const Matrix features{4, 1, {9, 11, 19, 21}};
  const auto got = mahalanobis_scores(features, std::vector<int64_t>{1, 1, 3, 3}, 5, {2, 1, {0, 16}});
  EXPECT_EQ(got.nearest, (std::vector<int64_t>{1, 3}));
  EXPECT_NEAR(got.score[1], -16, 1e-12);
}

TEST(MahalanobisTest, FeaturesThatAreAllAlikeHaveNoDistance) {
  const auto got = mahalanobis_scores({2, 1, {1, 1}}, std::vector<int64_t>{0, 0}, 1, {1, 1, {5}});
  EXPECT_TRUE(std::isnan(got.score[0]));
  EXPECT_TRUE(std::isnan(got.relative[0]));
}

TEST(NeighbourDistanceTest, IsTheKthOfAllDistancesSorted) {
  const Matrix bank = unit_length_rows(random_rows(40, 4, 5)), queries = unit_length_rows(random_rows(9, 4, 6));
  for (const size_t k : {1u, 5u, 40u}) {
    const std::vector<double> got = neighbour_distances(bank, queries, k, 2);
    for (size_t q = 0; q < queries.rows; ++q) {
      std::vector<double> all;
      for (size_t b = 0; b < bank.rows; ++b) {
        double sum = 0;
        for (size_t i = 0; i < 4; ++i) sum += std::pow(bank.at(b, i) - queries.at(q, i), 2);
        all.push_back(std::sqrt(sum));
      }
      std::sort(all.begin(), all.end());
      EXPECT_NEAR(got[q], all[k - 1], 1e-12);
    }
  }
}

TEST(NeighbourDistanceTest, OfARowItselfIsExactlyZero) {
  const Matrix bank = random_rows(10, 6, 7);
  for (const double distance : neighbour_distances(bank, bank, 1)) EXPECT_EQ(distance, 0);
  EXPECT_THROW(neighbour_distances(bank, bank, 11), InternalError);
}

}  // namespace
}  // namespace sslbench
