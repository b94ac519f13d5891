// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/packed_rows.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr size_t kPanel = 4;  // packed rows, and queries, of one tile: its sums stay in registers

// Two sums at once: every 64-bit processor has vectors of that size.
using Pair = double __attribute__((vector_size(16)));

void tile(const std::array<const double*, kPanel>& queries, const double* panel, size_t columns,
          double sums[kPanel][kPanel]) {
  Pair left[kPanel] = {}, right[kPanel] = {};
  for (size_t c = 0; c < columns; ++c) {
    Pair low, high;
    std::memcpy(&low, panel + c * kPanel, sizeof low);
    std::memcpy(&high, panel + c * kPanel + 2, sizeof high);
    for (size_t q = 0; q < kPanel; ++q) {
      const Pair both = {queries[q][c], queries[q][c]};
      left[q] += both * low;
      right[q] += both * high;
    }
  }
  for (size_t q = 0; q < kPanel; ++q) {
    std::memcpy(sums[q], &left[q], sizeof left[q]);
    std::memcpy(sums[q] + 2, &right[q], sizeof right[q]);
  }
}

}  // namespace

PackedRows::PackedRows(const Matrix& rows)
    : rows_(rows.rows), columns_(rows.columns), panels_((rows.rows + kPanel - 1) / kPanel * kPanel * rows.columns) {
  for (size_t r = 0; r < rows_; ++r) {
    for (size_t c = 0; c < columns_; ++c) {
      panels_[(r / kPanel * columns_ + c) * kPanel + r % kPanel] = rows.at(r, c);
    }
  }
}

void PackedRows::products(const Matrix& queries, size_t first, size_t last, std::vector<double>& out) const {
  require(queries.columns == columns_ && first <= last && last <= queries.rows, "queries as wide as the packed rows");
  out.resize((last - first) * rows_);
  for (size_t panel = 0; panel * kPanel < rows_; ++panel) {
    const double* packed = panels_.data() + panel * kPanel * columns_;
    const size_t wide = std::min(kPanel, rows_ - panel * kPanel);
    for (size_t q = first; q < last; q += kPanel) {
      std::array<const double*, kPanel> rows;
      for (size_t i = 0; i < kPanel; ++i) rows[i] = queries.row(std::min(q + i, last - 1)).data();
      double sums[kPanel][kPanel];
      tile(rows, packed, columns_, sums);
      for (size_t i = 0; i < std::min(kPanel, last - q); ++i) {
        std::copy_n(sums[i], wide, out.begin() + static_cast<int64_t>((q + i - first) * rows_ + panel * kPanel));
      }
    }
  }
}

}  // namespace sslbench
