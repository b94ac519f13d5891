// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/feature_spectrum.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "suites/metrics/spectrum/symmetric_eigen.h"

namespace sslbench {
namespace {

constexpr size_t kRowsAtOnce = 64;  // stay in the cache while every pair of columns passes over them

double sum_over_largest(const std::vector<double>& spectrum) {
  if (spectrum.empty() || !(spectrum.front() > 0)) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(spectrum.begin(), spectrum.end(), 0.0) / spectrum.front();
}

}  // namespace

Matrix column_products(const Matrix& m) {
  const size_t D = m.columns;
  Matrix out{D, D, std::vector<double>(D * D)};
  for (size_t first = 0; first < m.rows; first += kRowsAtOnce) {
    const size_t last = std::min(m.rows, first + kRowsAtOnce);
    for (size_t i = 0; i < D; ++i) {
      const std::span<double> sums = out.row(i);
      size_t r = first;
      for (; r + 3 < last; r += 4) {
        const double *a = m.row(r).data(), *b = m.row(r + 1).data(), *c = m.row(r + 2).data(), *d = m.row(r + 3).data();
        for (size_t j = i; j < D; ++j) sums[j] += (a[i] * a[j] + b[i] * b[j]) + (c[i] * c[j] + d[i] * d[j]);
      }
      for (; r < last; ++r) {
        const double* a = m.row(r).data();
        for (size_t j = i; j < D; ++j) sums[j] += a[i] * a[j];
      }
    }
  }
  for (size_t i = 0; i < D; ++i) {
    for (size_t j = 0; j < i; ++j) out.at(i, j) = out.at(j, i);
  }
  return out;
}

std::vector<double> squared_singular_values(const Matrix& m) {
  std::vector<double> out = symmetric_eigenvalues(column_products(m.rows < m.columns ? transposed(m) : m));
  for (double& value : out) value = value < 0 ? 0 : value;
  return out;
}

double nesum(const Matrix& features) { return sum_over_largest(squared_singular_values(centred_columns(features))); }

StableRank stable_rank(const Matrix& features) {
  return {sum_over_largest(squared_singular_values(features)), nesum(features)};
}

}  // namespace sslbench
