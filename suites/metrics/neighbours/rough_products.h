// SPDX-License-Identifier: Apache-2.0
// Inner products in single precision with a bound on their error: they say cheaply which few are worth exact ones, so
// that what is found depends on neither the processor nor the order of sums.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

class RoughProducts {
 public:
  static constexpr size_t kQueriesAtOnce = 192, kRowsAtOnce = 1024;

  explicit RoughProducts(const Matrix& rows);

  size_t rows() const { return rows_; }

  // out[i * kRowsAtOnce + j] = about the inner product of query first + i and row `tile` + j, for the queries up to
  // `last` and up to kRowsAtOnce rows. `tile` is a multiple of kRowsAtOnce; at most kQueriesAtOnce queries. `packed` is
  // what pack() made of those queries.
  void products(const std::vector<float>& packed, size_t queries, size_t tile, float* out) const;
  std::vector<float> pack(const Matrix& queries, size_t first, size_t last) const;

  // No product with this query is farther from the exact one, rounded to single precision. Infinite where the numbers
  // are too large for the bound to hold.
  double error_bound(std::span<const double> query) const;

 private:
  size_t rows_, columns_;
  double longest_ = 0;         // row
  std::vector<float> panels_;  // [panel][column][16 rows], the last panel filled up with zeros
};

}  // namespace sslbench
