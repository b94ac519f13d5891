// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/nearest_neighbours.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "suites/ground/error.h"

namespace sslbench {

Neighbours nearest_neighbours(const Matrix& bank, const Matrix& queries, size_t k) {
  require(k >= 1 && k <= bank.rows && bank.columns == queries.columns, "1 to all rows of a bank of the same width");
  Neighbours out;
  std::vector<float> similarity(bank.rows);
  std::vector<size_t> order(bank.rows);
  for (size_t q = 0; q < queries.rows; ++q) {
    for (size_t i = 0; i < bank.rows; ++i) {
      similarity[i] = static_cast<float>(dot(bank.row(i), queries.row(q)));
      if (!std::isfinite(similarity[i])) {
        throw UserError("the similarity of query " + std::to_string(q) + " and row " + std::to_string(i) +
                        " of the bank is not finite; bring the features to unit length");
      }
    }
    std::iota(order.begin(), order.end(), size_t{0});
    std::partial_sort(order.begin(), order.begin() + static_cast<int64_t>(k), order.end(), [&](size_t a, size_t b) {
      return similarity[a] != similarity[b] ? similarity[a] > similarity[b] : a < b;
    });
    for (size_t j = 0; j < k; ++j) {
      out.index.push_back(static_cast<int64_t>(order[j]));
      out.similarity.push_back(similarity[order[j]]);
    }
  }
  return out;
}

}  // namespace sslbench
