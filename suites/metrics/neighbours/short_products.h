// SPDX-License-Identifier: Apache-2.0
// Inner products of rows rounded to 16 bits, in integers, with a bound on what the rounding changes: they say which few
// rows are worth exact products, at twice the rate of single precision, so that what is found depends on neither the
// processor nor the order of sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "suites/metrics/neighbours/rows_view.h"

namespace sslbench {

// Queries as ShortProducts takes them.
struct ShortQueries {
  size_t count = 0;
  std::vector<int16_t> packed;  // [group][column pair][6 queries][2 columns], filled up with zeros
  // By query, in units of its products. A row whose exact product, rounded to single precision, is at least that of
  // another has a product here that is at most this much below the other's. ShortProducts::kNoBound: it may be any.
  std::vector<int64_t> slack;
};

class ShortProducts {
 public:
  static constexpr size_t kQueriesAtOnce = 192, kRowsAtOnce = 256;
  static constexpr int64_t kNoBound = -1;

  template <class T>
  explicit ShortProducts(RowsView<T> rows);

  // Of queries first <= i < last, as wide as the rows.
  template <class T>
  ShortQueries pack(RowsView<T> queries, size_t first, size_t last) const;

  // out[i * kRowsAtOnce + j] = the product of query i and row `tile` + j, up to kRowsAtOnce rows. `tile` is a multiple
  // of kRowsAtOnce; at most kQueriesAtOnce queries.
  void products(const ShortQueries& queries, size_t tile, int32_t* out) const;

 private:
  size_t rows_, columns_, pairs_;
  bool bounded_ = false;         // whether products say anything
  double scale_ = 1;             // a number is about its 16 bits divided by this
  double longest_ = 0;           // row
  double error_ = 0;             // length of the largest difference between a row and what its 16 bits say
  std::vector<int16_t> panels_;  // [panel][column pair][16 rows][2 columns], the last panel filled up with zeros
};

}  // namespace sslbench
