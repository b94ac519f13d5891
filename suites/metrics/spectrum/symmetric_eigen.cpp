// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr int kMostIterations = 100;  // for one value; two or three are usual

// y += factor x
void add_scaled(double factor, std::span<const double> x, std::span<double> y) {
  for (size_t i = 0; i < x.size(); ++i) y[i] += factor * x[i];
}

// Tridiagonal form T = Q'AQ, Q the product of the reflections I - beta_k v_k v_k'. v_k stays in row k, behind the
// diagonal.
struct Tridiagonal {
  std::vector<double> diagonal, beside;  // beside[k] lies between k and k + 1
  std::vector<double> beta;
};

// The rows and columns behind k less v w' + w v', the reflection from both sides.
void reflect(Matrix& a, size_t k, double beta) {
  const size_t behind = k + 1, size = a.columns - behind;
  const std::span<const double> v = a.row(k).subspan(behind);
  std::vector<double> w(size);
  for (size_t j = 0; j < size; ++j) add_scaled(beta * v[j], a.row(behind + j).subspan(behind), w);
  add_scaled(-beta / 2 * dot(v, w), v, w);
  for (size_t i = 0; i < size; ++i) {
    const std::span<double> row = a.row(behind + i).subspan(behind);
    const double of_w = v[i], of_v = w[i];
    for (size_t j = 0; j < size; ++j) row[j] -= of_w * w[j] + of_v * v[j];
  }
}

Tridiagonal tridiagonal_form(Matrix& a) {
  const size_t n = a.rows;
  Tridiagonal out{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
  for (size_t k = 0; k + 1 < n; ++k) {
    out.diagonal[k] = a.at(k, k);
    const std::span<double> v = a.row(k).subspan(k + 1);
    const double length = std::sqrt(dot(v, v));
    out.beside[k] = v.size() == 1 || length == 0 ? v[0] : -std::copysign(length, v[0]);
    if (v.size() == 1 || length == 0) continue;
    v[0] -= out.beside[k];
    out.beta[k] = 2 / dot(v, v);
    reflect(a, k, out.beta[k]);
  }
  if (n > 0) out.diagonal[n - 1] = a.at(n - 1, n - 1);
  return out;
}

// Q', whose row i is the direction of diagonal place i.
Matrix directions(const Matrix& reflections, const Tridiagonal& form) {
  const size_t n = reflections.rows;
  Matrix q{n, n, std::vector<double>(n * n)};
  for (size_t i = 0; i < n; ++i) q.at(i, i) = 1;
  for (size_t k = n; k-- > 0;) {
    if (form.beta[k] == 0) continue;
    const std::span<const double> v = reflections.row(k).subspan(k + 1);
    std::vector<double> sum(n);
    for (size_t j = 0; j < v.size(); ++j) add_scaled(v[j], q.row(k + 1 + j), sum);
    for (size_t j = 0; j < v.size(); ++j) add_scaled(-form.beta[k] * v[j], sum, q.row(k + 1 + j));
  }
  return transposed(q);
}

// The end of the unreduced block that begins at `low`.
size_t block_end(const Tridiagonal& t, size_t low, double scale) {
  size_t high = low;
  for (; high + 1 < t.diagonal.size(); ++high) {
    const double near = std::abs(t.diagonal[high]) + std::abs(t.diagonal[high + 1]);
    if (std::abs(t.beside[high]) <= kEpsilon * std::max(near, kEpsilon * scale)) break;
  }
  return high;
}

// One implicit QL step over [low, high]; `rows`, unless null, turn along.
void ql_step(Tridiagonal& t, size_t low, size_t high, Matrix* rows) {
  std::vector<double>&d = t.diagonal, &e = t.beside;
  const double half = (d[low + 1] - d[low]) / (2 * e[low]);
  double g = d[high] - d[low] + e[low] / (half + std::copysign(std::hypot(half, 1.0), half));
  double s = 1, c = 1, p = 0;
  for (size_t i = high; i-- > low;) {
    const double f = s * e[i], b = c * e[i], length = std::hypot(f, g);
    e[i + 1] = length;
    if (length == 0) {
      d[i + 1] -= p, e[high] = 0;
      return;
    }
    s = f / length, c = g / length;
    g = d[i + 1] - p;
    const double turned = (d[i] - g) * s + 2 * c * b;
    p = s * turned;
    d[i + 1] = g + p;
    g = c * turned - b;
    if (rows == nullptr) continue;
    const std::span<double> x = rows->row(i), y = rows->row(i + 1);
    for (size_t j = 0; j < x.size(); ++j) {
      const double before = y[j];
      y[j] = s * x[j] + c * before;
      x[j] = c * x[j] - s * before;
    }
  }
  d[low] -= p, e[low] = g, e[high] = 0;
}

bool diagonalise(Tridiagonal& t, Matrix* rows) {
  double scale = 0;
  for (const double value : t.diagonal) scale = std::max(scale, std::abs(value));
  for (const double value : t.beside) scale = std::max(scale, std::abs(value));
  for (size_t low = 0; low < t.diagonal.size(); ++low) {
    int left = kMostIterations;
    for (size_t high = block_end(t, low, scale); high != low; high = block_end(t, low, scale)) {
      if (left-- == 0) return false;
      ql_step(t, low, high, rows);
    }
  }
  return true;
}

SymmetricEigen solve(Matrix m, bool with_vectors) {
  require(m.rows == m.columns, "a symmetric matrix is square");
  SymmetricEigen out{std::vector<double>(m.rows, kUndefined), {}};
  double largest = 0;
  for (const double value : m.values) {
    if (!std::isfinite(value)) return out;
    largest = std::max(largest, std::abs(value));
  }
  if (largest > 0) {
    for (double& value : m.values) value /= largest;  // squares neither overflow nor vanish
  }
  Tridiagonal form = tridiagonal_form(m);
  Matrix rows = with_vectors ? directions(m, form) : Matrix{};
  if (!diagonalise(form, with_vectors ? &rows : nullptr)) return out;
  std::vector<size_t> order(m.rows);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return form.diagonal[a] > form.diagonal[b]; });
  out.values.clear();
  if (with_vectors) out.vectors = {m.rows, m.rows, {}};
  for (const size_t i : order) {
    out.values.push_back(form.diagonal[i] * largest);
    if (with_vectors) out.vectors.values.insert(out.vectors.values.end(), rows.row(i).begin(), rows.row(i).end());
  }
  return out;
}

}  // namespace

SymmetricEigen symmetric_eigen(Matrix m) { return solve(std::move(m), true); }

std::vector<double> symmetric_eigenvalues(Matrix m) { return solve(std::move(m), false).values; }

}  // namespace sslbench
