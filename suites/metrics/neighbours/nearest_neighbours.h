// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "suites/metrics/matrix.h"
#include "suites/metrics/neighbours/rows_view.h"
#include "suites/metrics/neighbours/short_products.h"

namespace sslbench {

// The k rows of `bank` of largest inner product with each query.
struct Neighbours {
  std::vector<int64_t> index;     // [queries, k], nearest first; equally near: the lower index first
  std::vector<float> similarity;  // likewise
};

// A bank that is asked again and again; the rows must outlive it. It keeps 2 bytes a number of its own.
template <class T>
class NeighbourSearch {
 public:
  explicit NeighbourSearch(RowsView<T> bank) : bank_(bank), rough_(bank) {}

  // Of queries first <= i < last: writes k indices and similarities each. On this thread; several may ask at once.
  // InternalError unless 1 <= k <= bank rows and both have the same columns. UserError where an inner product is not
  // finite: such rows have no order.
  void nearest(RowsView<T> queries, size_t first, size_t last, size_t k, int64_t* index, float* similarity) const;

 private:
  RowsView<T> bank_;
  ShortProducts rough_;
};

// As NeighbourSearch.
Neighbours nearest_neighbours(const Matrix& bank, const Matrix& queries, size_t k, size_t threads = 1);

}  // namespace sslbench
