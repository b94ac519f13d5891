// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/retrieval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "suites/ground/error.h"
#include "suites/metrics/neighbours/nearest_neighbours.h"
#include "suites/metrics/packed_rows.h"

namespace sslbench {
namespace {

using Labels = std::vector<int64_t>;

Matrix random_rows(size_t rows, size_t columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(normal(random));
  return out;
}

Labels random_labels(size_t rows, int classes, unsigned seed) {
  std::mt19937 random(seed);
  Labels out;
  for (size_t i = 0; i < rows; ++i) out.push_back(static_cast<int64_t>(random() % static_cast<unsigned>(classes)));
  return out;
}

RetrievalScores leave_one_out(const Matrix& m, const Labels& labels, const Labels& k, size_t threads = 1) {
  return mean_retrieval(retrieval_by_query({m, labels, nullptr, {}}, k, threads), k.size());
}

// By sorting the whole gallery of every query.
double naive_map(const Matrix& features, const Labels& labels) {
  const Matrix m = unit_length_rows(features);
  double sum = 0, queries = 0;
  for (size_t q = 0; q < m.rows; ++q) {
    std::vector<size_t> order(m.rows);
    std::iota(order.begin(), order.end(), size_t{0});
    std::erase(order, q);
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return dot(m.row(q), m.row(a)) > dot(m.row(q), m.row(b)); });
    double found = 0, precision = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      if (labels[order[i]] == labels[q]) precision += ++found / static_cast<double>(i + 1);
    }
    if (found > 0) sum += precision / found, queries += 1;
  }
  return sum / queries;
}

TEST(PackedRowsTest, ProductsAreThoseOfDot) {
  for (const auto& [rows, queries] : {std::pair<size_t, size_t>{1, 1}, {5, 7}, {8, 4}, {130, 67}}) {
    const Matrix a = random_rows(rows, 13, 1), b = random_rows(queries, 13, 2);
    std::vector<double> got;
    PackedRows(a).products(b, 0, queries, got);
    ASSERT_EQ(got.size(), rows * queries);
    for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], dot(b.row(i / rows), a.row(i % rows)));
  }
}

TEST(RetrievalTest, IsThatOfSortingEveryGallery) {
  const Matrix features = random_rows(150, 6, 3);
  const Labels labels = random_labels(150, 9, 4);
  EXPECT_NEAR(leave_one_out(features, labels, {1}).map, naive_map(features, labels), 1e-12);
}

TEST(RetrievalTest, NeitherLengthsNorThreadsChangeAnything) {
  Matrix features = random_rows(200, 5, 5);
  const Labels labels = random_labels(200, 4, 6);
  const RetrievalScores before = leave_one_out(features, labels, {1, 10});
  for (size_t r = 0; r < features.rows; ++r) {
    for (double& value : features.row(r)) value *= 0.1 + static_cast<double>(r);
  }
  const RetrievalScores after = leave_one_out(features, labels, {1, 10}, 3);
  EXPECT_NEAR(before.map, after.map, 1e-12);
  EXPECT_NEAR(before.map_at_r, after.map_at_r, 1e-12);
  EXPECT_EQ(before.hit_at_k, after.hit_at_k);
}

TEST(RetrievalTest, CopiesOfOneDirectionStandInTheirOrder) {
  const Matrix rows{4, 2, {0.1, 0.3, 1, 3, 3, 9, 0.7, 2.1}};  // all parallel, of other lengths
  const RetrievalScores got = leave_one_out(rows, {0, 1, 1, 0}, {1});
  // Ranks of the positive: row 0 sees 1, 2, 3 (its own third), 1 sees 0, 2, 3, 2 sees 0, 1, 3, 3 sees 0, 1, 2.
  EXPECT_NEAR(got.map, (1.0 / 3 + 1.0 / 2 + 1.0 / 2 + 1) / 4, 1e-15);
  EXPECT_EQ(got.hit_at_k[0], 0.25);
}

TEST(RetrievalTest, FeaturesThatCollapsedTakeNoLonger) {
  const Matrix same{3000, 1, std::vector<double>(3000, 0.7)};
  const Labels labels = random_labels(3000, 2, 9);
  EXPECT_NEAR(leave_one_out(same, labels, {1}).map, 0.5, 0.05);
}

TEST(RetrievalTest, QueriesWithoutAPositiveAreLeftOut) {
  const Matrix gallery{2, 1, {1, 2}}, queries{2, 1, {1, 1}};
  const Labels gallery_labels{5, 6}, query_labels{7, 6};
  const auto got = retrieval_by_query({gallery, gallery_labels, &queries, query_labels}, Labels{3});
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].map, 0.5);
  EXPECT_NEAR(got[0].precision_at_k[0], 1.0 / 3, 1e-15);
  EXPECT_EQ(got[0].recall_at_k[0], 1);
}

TEST(RetrievalTest, WithoutAnyPositiveAllIsZero) {
  const RetrievalScores got = leave_one_out({2, 1, {1, 2}}, {0, 1}, {1, 5});
  EXPECT_EQ(got.map, 0);
  EXPECT_EQ(got.recall_at_k, (std::vector<double>{0, 0}));
}

TEST(RetrievalTest, FeaturesThatAreNotFiniteAreRefused) {
  EXPECT_THROW(leave_one_out({2, 1, {1, NAN}}, {0, 0}, {1}), UserError);
  EXPECT_THROW(leave_one_out({2, 1, {1, 1}}, {0, 0}, {0}), InternalError);
}

TEST(NearestNeighboursTest, ThreadsChangeNothing) {
  const Matrix bank = random_rows(300, 7, 7), queries = random_rows(200, 7, 8);
  const Neighbours one = nearest_neighbours(bank, queries, 9), many = nearest_neighbours(bank, queries, 9, 4);
  EXPECT_EQ(one.index, many.index);
  EXPECT_EQ(one.similarity, many.similarity);
}

}  // namespace
}  // namespace sslbench
