// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/outliers/neighbour_distance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"
#include "suites/metrics/packed_rows.h"

namespace sslbench {
namespace {

// From the rows themselves: 2 - 2 cos would lose what is small.
double distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

}  // namespace

std::vector<double> neighbour_distances(const Matrix& bank, const Matrix& queries, size_t k, size_t threads) {
  require(k >= 1 && k <= bank.rows && bank.columns == queries.columns, "1 to all rows of a bank of the same width");
  const Matrix near = unit_length_rows(bank), from = unit_length_rows(queries);
  const PackedRows packed(near);
  std::vector<double> out(queries.rows, std::numeric_limits<double>::quiet_NaN());
  for_row_blocks(queries.rows, kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    std::vector<double> products;
    packed.products(from, first, last, products);
    std::vector<size_t> order(near.rows);
    for (size_t q = first; q < last; ++q) {
      const std::span<const double> cosine = std::span(products).subspan((q - first) * near.rows, near.rows);
      if (!std::all_of(cosine.begin(), cosine.end(), [](double value) { return std::isfinite(value); })) continue;
      std::iota(order.begin(), order.end(), size_t{0});
      const auto kth = order.begin() + static_cast<int64_t>(k - 1);
      std::nth_element(order.begin(), kth, order.end(), [&](size_t a, size_t b) { return cosine[a] > cosine[b]; });
      out[q] = distance(from.row(q), near.row(*kth));
    }
  });
  return out;
}

}  // namespace sslbench
