// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/representation_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// Squared Frobenius norm of y'x; both arrive transposed.
double cross_norm(const Matrix& x_columns, const Matrix& y_columns) {
  double sum = 0;
  for (size_t i = 0; i < x_columns.rows; ++i) {
    for (size_t j = 0; j < y_columns.rows; ++j) {
      const double product = dot(x_columns.row(i), y_columns.row(j));
      sum += product * product;
    }
  }
  return sum;
}

constexpr size_t kAtATime = 16;

// x x' without its diagonal. Some rows at a time lie side by side, so that their products are added in vectors, each in
// the order of dot().
Matrix gram(const Matrix& x) {
  Matrix out{x.rows, x.rows, std::vector<double>(x.rows * x.rows, 0.0)};
  std::vector<double> panel(x.columns * kAtATime);
  for (size_t first = 0; first < x.rows; first += kAtATime) {
    const size_t some = std::min(kAtATime, x.rows - first);
    for (size_t j = 0; j < some; ++j) {
      for (size_t d = 0; d < x.columns; ++d) panel[d * kAtATime + j] = x.at(first + j, d);
    }
    for (size_t i = first + 1; i < x.rows; ++i) {
      std::array<double, kAtATime> sums{};
      for (size_t d = 0; d < x.columns; ++d) {
        const double value = x.at(i, d);
        const double* others = &panel[d * kAtATime];
        for (size_t j = 0; j < kAtATime; ++j) sums[j] += value * others[j];
      }
      for (size_t j = 0; j < std::min(some, i - first); ++j) out.at(i, first + j) = out.at(first + j, i) = sums[j];
    }
  }
  return out;
}

double unbiased_hsic(const Matrix& k, const Matrix& l) {
  const double n = static_cast<double>(k.rows);
  double trace = 0, sum_k = 0, sum_l = 0, mixed = 0;  // tr(KL), 1'K1, 1'L1, 1'KL1
  for (size_t i = 0; i < k.rows; ++i) {
    double row_k = 0, row_l = 0;
    for (size_t j = 0; j < k.rows; ++j) {
      trace += k.at(i, j) * l.at(i, j);
      row_k += k.at(i, j);
      row_l += l.at(i, j);
    }
    sum_k += row_k;
    sum_l += row_l;
    mixed += row_k * row_l;
  }
  return (trace + sum_k * sum_l / ((n - 1) * (n - 2)) - 2 * mixed / (n - 2)) / (n * (n - 3));
}

}  // namespace

AlignmentUniformity alignment_uniformity(const Matrix& x, const Matrix& y) {
  require(x.rows == y.rows && x.columns == y.columns, "two views of the same shape");
  const Matrix a = unit_length_rows(x), b = unit_length_rows(y);
  AlignmentUniformity out;
  double near = 0, pairs = 0;
  for (size_t i = 0; i < a.rows; ++i) {
    out.alignment += squared_distance(a.row(i), b.row(i)) / static_cast<double>(a.rows);
    for (size_t j = 0; j < i; ++j, ++pairs) near += std::exp(-2 * squared_distance(a.row(i), a.row(j)));
  }
  out.uniformity = pairs == 0 ? kUndefined : std::log(near / pairs);
  if (a.rows == 0) out.alignment = kUndefined;
  return out;
}

double linear_cka(const Matrix& x, const Matrix& y) {
  require(x.rows == y.rows, "two representations of the same images");
  const Matrix a = transposed(centred_columns(x)), b = transposed(centred_columns(y));
  return cross_norm(a, b) / (std::sqrt(cross_norm(a, a)) * std::sqrt(cross_norm(b, b)));
}

double unbiased_linear_cka(const Matrix& x, const Matrix& y) {
  require(x.rows == y.rows, "two representations of the same images");
  if (x.rows < 4) return kUndefined;
  const Matrix k = gram(x), l = gram(y);
  return unbiased_hsic(k, l) / std::sqrt(unbiased_hsic(k, k) * unbiased_hsic(l, l));
}

}  // namespace sslbench
