// SPDX-License-Identifier: Apache-2.0
// The bound: |q x - q' x'| <= |q| |x - x'| + |q - q'| |x'| by Cauchy's inequality, x' and q' being what the 16 bits
// say. By the same no sum leaves 32 bits, since no rounded row is longer than kLongest.
#include "suites/metrics/neighbours/short_products.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"
#include "suites/metrics/neighbours/short_kernels.h"

namespace sslbench {
namespace {

constexpr size_t kPanel = ShortTile::kRows, kGroup = ShortTile::kQueries;
constexpr double kLargest = 32767, kLongest = 45000;  // a rounded number, a rounded row
constexpr size_t kMostColumns = 1 << 20;              // whose roundings leave room for kLongest
constexpr double kSafety = 1 + 1e-9;                  // for the roundings of the bound itself

double scale_for(double largest, double longest) {
  return longest > 0 ? std::min(kLargest / largest, kLongest / longest) : 1;
}

int16_t rounded(double value) { return static_cast<int16_t>(std::lrint(value)); }

template <class T>
double length_of(std::span<const T> row) {
  double squares = 0;
  for (const T value : row) squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares) * kSafety;
}

// Whether squares neither overflowed nor vanished.
bool is_told(double length, double largest) { return std::isfinite(length) && (largest == 0 || length > 1e-140); }

template <class T>
double largest_of(std::span<const T> row) {
  double out = 0;
  for (const T value : row) out = std::max(out, std::abs(static_cast<double>(value)));
  return out;
}

// Writes the row's 16 bits to to[c / 2 * stride + c % 2] and says how far they are off, as a length.
template <class T>
double round_row(std::span<const T> row, double scale, size_t stride, int16_t* to) {
  double squares = 0;
  for (size_t c = 0; c < row.size(); ++c) {
    const double scaled = static_cast<double>(row[c]) * scale;
    const int16_t value = rounded(scaled);
    squares += (scaled - value) * (scaled - value);
    to[c / 2 * stride + c % 2] = value;
  }
  return std::sqrt(squares) / scale * kSafety;
}

}  // namespace

template <class T>
ShortProducts::ShortProducts(RowsView<T> rows)
    : rows_(rows.rows),
      columns_(rows.columns),
      pairs_((rows.columns + 1) / 2),
      panels_((rows.rows + kPanel - 1) / kPanel * kPanel * 2 * pairs_) {
  double largest = 0;
  for (size_t r = 0; r < rows_; ++r) {
    const double length = length_of(rows.row(r));
    if (!std::isfinite(length)) return;
    longest_ = std::max(longest_, length);
    largest = std::max(largest, largest_of(rows.row(r)));
  }
  bounded_ = is_told(longest_, largest) && columns_ <= kMostColumns;
  if (!bounded_) return;
  scale_ = scale_for(largest, longest_);
  for (size_t r = 0; r < rows_; ++r) {
    int16_t* panel = panels_.data() + (r / kPanel * pairs_ * kPanel + r % kPanel) * 2;
    error_ = std::max(error_, round_row(rows.row(r), scale_, 2 * kPanel, panel));
  }
}

template <class T>
ShortQueries ShortProducts::pack(RowsView<T> queries, size_t first, size_t last) const {
  require(queries.columns == columns_ && first < last && last - first <= kQueriesAtOnce, "few queries as wide");
  constexpr double kSingle = 0x1p-24, kDouble = 0x1p-52, kLeast = 0x1p-149, kFinite = 1e37, kMostSlack = 0x1p31;
  const size_t count = last - first;
  ShortQueries out{count, std::vector<int16_t>((count + kGroup - 1) / kGroup * kGroup * 2 * pairs_), {}};
  for (size_t q = 0; q < count; ++q) {
    const auto row = queries.row(first + q);
    const double length = length_of(row), largest = largest_of(row);
    out.slack.push_back(kNoBound);
    if (!bounded_ || !is_told(length, largest) || !(length * longest_ < kFinite)) continue;
    const double scale = scale_for(largest, length);
    int16_t* group = out.packed.data() + (q / kGroup * pairs_ * kGroup + q % kGroup) * 2;
    const double error = round_row(row, scale, 2 * kGroup, group);
    // Of the exact product: one rounding to single precision, and those of its sum in double.
    const double roundings = kSingle + static_cast<double>(columns_) * kDouble;
    const double off = length * error_ + error * (longest_ + error_) + roundings * length * longest_ + kLeast;
    const double slack = std::ceil(2 * off * scale * scale_ * kSafety) + 1;
    if (slack < kMostSlack) out.slack.back() = static_cast<int64_t>(slack);
  }
  return out;
}

void ShortProducts::products(const ShortQueries& queries, size_t tile, int32_t* out) const {
  MultiplyShorts* const multiply = short_kernels().front().multiply;
  const size_t end = std::min(rows_, tile + kRowsAtOnce);
  for (size_t row = tile; row < end; row += kPanel) {
    for (size_t q = 0; q < queries.count; q += kGroup) {
      const ShortTile shorts{queries.packed.data() + q * 2 * pairs_, panels_.data() + row * 2 * pairs_, pairs_};
      multiply(shorts, kRowsAtOnce, out + q * kRowsAtOnce + row - tile);
    }
  }
}

template ShortProducts::ShortProducts(RowsView<float>);
template ShortProducts::ShortProducts(RowsView<double>);
template ShortQueries ShortProducts::pack(RowsView<float>, size_t, size_t) const;
template ShortQueries ShortProducts::pack(RowsView<double>, size_t, size_t) const;

}  // namespace sslbench
