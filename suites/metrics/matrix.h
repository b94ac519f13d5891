// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sslbench {

// Rows of numbers, one after the other.
struct Matrix {
  size_t rows = 0, columns = 0;
  std::vector<double> values;  // rows x columns

  double& at(size_t row, size_t column) { return values[row * columns + column]; }
  double at(size_t row, size_t column) const { return values[row * columns + column]; }
  std::span<double> row(size_t i) { return {values.data() + i * columns, columns}; }
  std::span<const double> row(size_t i) const { return {values.data() + i * columns, columns}; }
};

inline Matrix transposed(const Matrix& m) {
  Matrix out{m.columns, m.rows, std::vector<double>(m.values.size())};
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t c = 0; c < m.columns; ++c) out.at(c, r) = m.at(r, c);
  }
  return out;
}

inline double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Columns with their mean taken away.
Matrix centred_columns(Matrix m);

// Rows divided by their length; a row of zeros stays, one whose length is not finite becomes NaN.
Matrix unit_length_rows(Matrix m);

// Singular values, falling: min(rows, columns) of them. One-sided Jacobi (Hestenes, "Inversion of Matrices by
// Biorthogonalization and Related Results", J. SIAM 6, 1958), which keeps small values exact.
std::vector<double> singular_values(const Matrix& m);

}  // namespace sslbench
