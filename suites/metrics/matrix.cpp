// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/matrix.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace sslbench {
namespace {

constexpr int kMostSweeps = 60;
constexpr double kOrthogonal = 1e-14;  // cosine of two columns that counts as a right angle
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Turns rows p and q until they are orthogonal; whether they had to be turned.
bool rotate(Matrix& m, size_t p, size_t q) {
  const auto a = m.row(p), b = m.row(q);
  const double alpha = dot(a, a), beta = dot(b, b), gamma = dot(a, b);
  if (gamma == 0 || std::abs(gamma) <= kOrthogonal * std::sqrt(alpha) * std::sqrt(beta)) return false;
  const double zeta = (beta - alpha) / (2 * gamma);
  const double t = std::copysign(1 / (std::abs(zeta) + std::hypot(1, zeta)), zeta);
  const double c = 1 / std::hypot(1, t), s = c * t;
  for (size_t i = 0; i < a.size(); ++i) {
    const double x = a[i], y = b[i];
    a[i] = c * x - s * y;
    b[i] = s * x + c * y;
  }
  return true;
}

}  // namespace

Matrix centred_columns(Matrix m) {
  for (size_t c = 0; c < m.columns; ++c) {
    double sum = 0;
    for (size_t r = 0; r < m.rows; ++r) sum += m.at(r, c);
    for (size_t r = 0; r < m.rows; ++r) m.at(r, c) -= sum / static_cast<double>(m.rows);
  }
  return m;
}

Matrix unit_length_rows(Matrix m) {
  for (size_t r = 0; r < m.rows; ++r) {
    const double length = std::sqrt(dot(m.row(r), m.row(r)));
    if (length == 0) continue;
    for (double& value : m.row(r)) value = std::isfinite(length) ? value / length : kUndefined;
  }
  return m;
}

std::vector<double> singular_values(const Matrix& m) {
  Matrix work = m.rows > m.columns ? transposed(m) : m;  // its rows are turned, the fewer the better
  for (int sweep = 0, turned = 1; turned != 0 && sweep < kMostSweeps; ++sweep) {
    turned = 0;
    for (size_t p = 0; p + 1 < work.rows; ++p) {
      for (size_t q = p + 1; q < work.rows; ++q) turned += rotate(work, p, q);
    }
  }
  std::vector<double> out;
  for (size_t r = 0; r < work.rows; ++r) out.push_back(std::sqrt(dot(work.row(r), work.row(r))));
  std::sort(out.begin(), out.end(), std::greater<>());
  return out;
}

}  // namespace sslbench
