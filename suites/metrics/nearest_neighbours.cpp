// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/nearest_neighbours.h"

#include <cmath>
#include <string>

#include "suites/ground/error.h"
#include "suites/metrics/largest.h"
#include "suites/metrics/packed_rows.h"
#include "suites/metrics/row_blocks.h"

namespace sslbench {
namespace {

std::vector<float> finite_similarities(std::span<const double> products, size_t query) {
  std::vector<float> out;
  out.reserve(products.size());
  for (const double product : products) {
    out.push_back(static_cast<float>(product));
    if (std::isfinite(out.back())) continue;
    throw UserError("the similarity of query " + std::to_string(query) + " and row " + std::to_string(out.size() - 1) +
                    " of the bank is not finite; bring the features to unit length");
  }
  return out;
}

}  // namespace

Neighbours nearest_neighbours(const Matrix& bank, const Matrix& queries, size_t k, size_t threads) {
  require(k >= 1 && k <= bank.rows && bank.columns == queries.columns, "1 to all rows of a bank of the same width");
  Neighbours out{std::vector<int64_t>(queries.rows * k), std::vector<float>(queries.rows * k)};
  const PackedRows packed(bank);
  for_row_blocks(queries.rows, kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    std::vector<double> products;
    packed.products(queries, first, last, products);
    Largest near(k);
    for (size_t q = first; q < last; ++q) {
      const std::vector<float> similarity =
          finite_similarities(std::span(products).subspan((q - first) * bank.rows, bank.rows), q);
      near.clear();
      near.add(similarity, 0);
      near.write(&out.similarity[q * k], &out.index[q * k]);
    }
  });
  return out;
}

}  // namespace sslbench
