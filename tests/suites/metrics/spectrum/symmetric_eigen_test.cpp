// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/symmetric_eigen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "suites/metrics/spectrum/feature_spectrum.h"

namespace sslbench {
namespace {

Matrix random_matrix(size_t rows, size_t columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(normal(random));
  return out;
}

// Largest |A v - l v| and |v_i v_j - [i = j]|.
double residual(const Matrix& a, const SymmetricEigen& eigen) {
  double worst = 0;
  for (size_t i = 0; i < a.rows; ++i) {
    const auto v = eigen.vectors.row(i);
    for (size_t r = 0; r < a.rows; ++r) worst = std::max(worst, std::abs(dot(a.row(r), v) - eigen.values[i] * v[r]));
    for (size_t j = 0; j < a.rows; ++j) {
      worst = std::max(worst, std::abs(dot(v, eigen.vectors.row(j)) - (i == j ? 1 : 0)));
    }
  }
  return worst;
}

TEST(SymmetricEigenTest, VectorsAreTurnedIntoTheirMultiples) {
  for (const size_t size : {1u, 2u, 3u, 17u, 60u}) {
    Matrix m = random_matrix(size, size, static_cast<unsigned>(size));
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < i; ++j) m.at(i, j) = m.at(j, i);
    }
    const SymmetricEigen got = symmetric_eigen(m);
    EXPECT_LT(residual(m, got), 1e-12) << size;
    EXPECT_TRUE(std::is_sorted(got.values.rbegin(), got.values.rend()));
    const std::vector<double> alone = symmetric_eigenvalues(m);
    for (size_t i = 0; i < size; ++i) EXPECT_NEAR(alone[i], got.values[i], 1e-13);
  }
}

TEST(SymmetricEigenTest, EqualAndZeroValuesConverge) {
  const Matrix ones{4, 4, std::vector<double>(16, 1.0)};
  const SymmetricEigen got = symmetric_eigen(ones);
  EXPECT_LT(residual(ones, got), 1e-14);
  EXPECT_NEAR(got.values[0], 4, 1e-14);
  for (size_t i = 1; i < 4; ++i) EXPECT_NEAR(got.values[i], 0, 1e-14);
  EXPECT_EQ(symmetric_eigenvalues({3, 3, std::vector<double>(9)}), std::vector<double>(3));
  EXPECT_TRUE(symmetric_eigenvalues({}).empty());
}

TEST(SymmetricEigenTest, TinyAndHugeMatricesKeepTheirScale) {
  for (const double scale : {1e-300, 1e300}) {
    const std::vector<double> got = symmetric_eigenvalues({2, 2, {2 * scale, scale, scale, 2 * scale}});
    EXPECT_NEAR(got[0] / scale, 3, 1e-14);
    EXPECT_NEAR(got[1] / scale, 1, 1e-14);
  }
}

TEST(SymmetricEigenTest, AnEntryThatIsNotFiniteLeavesNothingDefined) {
  for (const double value : symmetric_eigenvalues({2, 2, {1, std::nan(""), 0, 1}})) EXPECT_TRUE(std::isnan(value));
}

TEST(FeatureSpectrumTest, IsThatOfSingularValues) {
  for (const auto& [rows, columns] : {std::pair<size_t, size_t>{130, 12}, {9, 30}, {5, 5}}) {
    const Matrix m = random_matrix(rows, columns, 3);
    const std::vector<double> squares = squared_singular_values(m), values = singular_values(m);
    ASSERT_EQ(squares.size(), values.size());
    for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(squares[i], values[i] * values[i], 1e-11);
  }
}

TEST(FeatureSpectrumTest, RanksOfFeaturesLieBetweenOneAndTheirDimensions) {
  const Matrix m = random_matrix(40, 6, 4);
  for (const double value : {nesum(m), stable_rank(m).stable_rank}) {
    EXPECT_GT(value, 1);
    EXPECT_LT(value, 6);
  }
  EXPECT_NEAR(stable_rank({3, 2, {1, 2, 2, 4, -3, -6}}).stable_rank, 1, 1e-14);
  EXPECT_TRUE(std::isnan(nesum({3, 2, {1, 2, 1, 2, 1, 2}})));
  EXPECT_TRUE(std::isnan(stable_rank({1, 2, {0, 0}}).stable_rank));
}

}  // namespace
}  // namespace sslbench
