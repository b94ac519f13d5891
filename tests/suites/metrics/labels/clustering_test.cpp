// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/clustering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "suites/ground/error.h"
#include "suites/metrics/labels/assignment.h"

namespace sslbench {
namespace {

double assigned_sum(const Matrix& values, const std::vector<size_t>& column_of) {
  double sum = 0;
  for (size_t r = 0; r < column_of.size(); ++r) {
    if (column_of[r] != kUnmatched) sum += values.at(r, column_of[r]);
  }
  return sum;
}

// Over all orders of the columns; no more rows than columns.
double largest_sum(const Matrix& values) {
  std::vector<size_t> order(values.columns);
  std::iota(order.begin(), order.end(), size_t{0});
  double best = -1e300;
  do {
    double sum = 0;
    for (size_t r = 0; r < values.rows; ++r) sum += values.at(r, order[r]);
    best = std::max(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(AssignmentTest, IsTheBestOfAllOrders) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 60; ++trial) {
    Matrix m{1 + random() % 6, 6, {}};
    for (size_t i = 0; i < m.rows * m.columns; ++i) m.values.push_back(static_cast<double>(random() % 9) - 4);
    const std::vector<size_t> got = best_assignment(m);
    std::vector<size_t> sorted = got;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
    EXPECT_NEAR(assigned_sum(m, got), largest_sum(m), 1e-9);
    const std::vector<size_t> turned = best_assignment(transposed(m));
    EXPECT_NEAR(assigned_sum(transposed(m), turned), largest_sum(m), 1e-9);
    EXPECT_EQ(std::count(turned.begin(), turned.end(), kUnmatched), static_cast<int64_t>(6 - m.rows));
  }
}

TEST(AssignmentTest, AValueThatIsNotFiniteIsAnInternalError) {
  EXPECT_THROW(best_assignment({1, 1, {std::nan("")}}), InternalError);
}

TEST(ClusteringTest, NamesOfClustersAndLabelsDoNotMatter) {
  std::mt19937 random(2);
  std::vector<int64_t> clusters, labels, other_clusters, other_labels;
  for (int i = 0; i < 200; ++i) {
    clusters.push_back(static_cast<int64_t>(random() % 7)), labels.push_back(static_cast<int64_t>(random() % 5));
    other_clusters.push_back(100 - 17 * clusters.back()), other_labels.push_back(labels.back() * 1'000'000'007);
  }
  const ClusteringScores got = clustering_scores(clusters, labels),
                         other = clustering_scores(other_clusters, other_labels);
  EXPECT_NEAR(got.nmi, other.nmi, 1e-14);
  EXPECT_NEAR(got.ari, other.ari, 1e-14);
  EXPECT_EQ(got.purity, other.purity);
  EXPECT_EQ(got.accuracy, other.accuracy);
  EXPECT_LE(got.accuracy, got.purity);
}

TEST(ClusteringTest, MutualInformationAndRandAreSymmetric) {
  const std::vector<int64_t> a{0, 0, 1, 1, 2, 2, 2, 3}, b{0, 1, 1, 1, 0, 2, 2, 2};
  const ClusteringScores ab = clustering_scores(a, b), ba = clustering_scores(b, a);
  EXPECT_NEAR(ab.nmi, ba.nmi, 1e-15);
  EXPECT_NEAR(ab.ari, ba.ari, 1e-15);
  EXPECT_EQ(ab.accuracy, ba.accuracy);
}

TEST(ClusteringTest, OnePartitionIsPerfectWhateverItsSize) {
  for (const std::vector<int64_t>& same : {std::vector<int64_t>{4}, {4, 4, 4}, {1, 2, 3}, {1, 1, 2}}) {
    const ClusteringScores got = clustering_scores(same, same);
    EXPECT_NEAR(got.nmi, 1, 1e-15);
    for (const double value : {got.ari, got.purity, got.accuracy}) EXPECT_EQ(value, 1);
  }
}

TEST(ClusteringTest, OneClusterOfManyLabelsSaysNothing) {
  const ClusteringScores got = clustering_scores(std::vector<int64_t>{0, 0, 0, 0}, std::vector<int64_t>{1, 1, 2, 3});
  EXPECT_EQ(got.nmi, 0);
  EXPECT_EQ(got.ari, 0);
  EXPECT_EQ(got.purity, 0.5);
}

TEST(ClusteringTest, WithoutItemsNothingIsDefined) {
  const ClusteringScores got = clustering_scores({}, {});
  for (const double value : {got.nmi, got.ari, got.purity, got.accuracy}) EXPECT_TRUE(std::isnan(value));
}

TEST(ClusteringTest, TooManyClustersOfTooManyLabelsAreRefused) {
  std::vector<int64_t> all(6000);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_THROW(clustering_scores(all, all), UserError);
}

}  // namespace
}  // namespace sslbench
