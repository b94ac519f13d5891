// SPDX-License-Identifier: Apache-2.0
// The bound: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., (3.5), with Cauchy's inequality:
// a sum of n products in any order, fused or not, is off by at most n u / (1 - n u) |q| |b|, and u = 2^-24.
#include "suites/metrics/neighbours/rough_products.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

// One tile's sums stay in registers: 6 queries, 16 rows.
constexpr size_t kPanel = 16, kGroup = 6;
using Eight = float __attribute__((vector_size(32)));

// queries [column][kGroup], panel [column][kPanel].
__attribute__((always_inline)) inline void multiply(const float* queries, const float* panel, size_t columns,
                                                    float* out) {
  Eight left[kGroup] = {}, right[kGroup] = {};
  for (size_t c = 0; c < columns; ++c) {
    Eight low, high;
    std::memcpy(&low, panel + c * kPanel, sizeof low);
    std::memcpy(&high, panel + c * kPanel + kPanel / 2, sizeof high);
    for (size_t q = 0; q < kGroup; ++q) {
      left[q] += low * queries[c * kGroup + q];
      right[q] += high * queries[c * kGroup + q];
    }
  }
  for (size_t q = 0; q < kGroup; ++q) {
    std::memcpy(out + q * RoughProducts::kRowsAtOnce, &left[q], sizeof left[q]);
    std::memcpy(out + q * RoughProducts::kRowsAtOnce + kPanel / 2, &right[q], sizeof right[q]);
  }
}

void multiply_anywhere(const float* queries, const float* panel, size_t columns, float* out) {
  multiply(queries, panel, columns, out);
}

using Multiply = void (*)(const float*, const float*, size_t, float*);

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void multiply_fused(const float* queries, const float* panel, size_t columns,
                                                        float* out) {
  multiply(queries, panel, columns, out);
}

Multiply best_here() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? multiply_fused : multiply_anywhere;
}
#else
Multiply best_here() { return multiply_anywhere; }
#endif

double length_of(std::span<const double> row) { return std::sqrt(dot(row, row)); }

}  // namespace

RoughProducts::RoughProducts(const Matrix& rows)
    : rows_(rows.rows), columns_(rows.columns), panels_((rows.rows + kPanel - 1) / kPanel * kPanel * rows.columns) {
  for (size_t r = 0; r < rows_; ++r) {
    const auto row = rows.row(r);
    longest_ = std::max(longest_, length_of(row));
    float* panel = panels_.data() + r / kPanel * kPanel * columns_ + r % kPanel;
    for (size_t c = 0; c < columns_; ++c) panel[c * kPanel] = static_cast<float>(row[c]);
  }
}

std::vector<float> RoughProducts::pack(const Matrix& queries, size_t first, size_t last) const {
  require(queries.columns == columns_ && first < last && last - first <= kQueriesAtOnce, "few queries as wide");
  std::vector<float> packed((last - first + kGroup - 1) / kGroup * kGroup * columns_);
  for (size_t q = first; q < last; ++q) {
    const auto row = queries.row(q);
    float* group = packed.data() + (q - first) / kGroup * kGroup * columns_ + (q - first) % kGroup;
    for (size_t c = 0; c < columns_; ++c) group[c * kGroup] = static_cast<float>(row[c]);
  }
  return packed;
}

void RoughProducts::products(const std::vector<float>& packed, size_t queries, size_t tile, float* out) const {
  static const Multiply run = best_here();
  const size_t end = std::min(rows_, tile + kRowsAtOnce);
  for (size_t row = tile; row < end; row += kPanel) {
    for (size_t q = 0; q < queries; q += kGroup) {
      run(packed.data() + q * columns_, panels_.data() + row * columns_, columns_, out + q * kRowsAtOnce + row - tile);
    }
  }
}

double RoughProducts::error_bound(std::span<const double> query) const {
  constexpr double kUnit = 0x1p-24, kLeast = 0x1p-149, kLargest = 1e37;
  const double length = length_of(query), both = length * longest_;
  // Two more roundings to single precision each of the factors and of the exact product; and of the double sums.
  const double roundings = (static_cast<double>(columns_) + 8) * kUnit;
  if (!(roundings < 0.5) || !(both < kLargest) || !(length < kLargest) || !(longest_ < kLargest)) {
    return std::numeric_limits<double>::infinity();
  }
  const double underflow = static_cast<double>(columns_) * kLeast * (1 + length + longest_);
  return roundings / (1 - roundings) * both + underflow;
}

}  // namespace sslbench
