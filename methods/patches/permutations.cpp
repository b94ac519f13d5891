// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/permutations.h"

#include <algorithm>
#include <numeric>

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor hamming_distances(const at::Tensor& permutations_PT) {
  return permutations_PT.unsqueeze(0).ne(permutations_PT.unsqueeze(1)).sum(2);
}

at::Tensor all_permutations(int64_t places) {
  TORCH_CHECK(places >= 1 && places <= 9, "all_permutations: ", places, " places");
  std::vector<int64_t> row(static_cast<size_t>(places)), all;
  std::iota(row.begin(), row.end(), 0);
  do {
    all.insert(all.end(), row.begin(), row.end());
  } while (std::next_permutation(row.begin(), row.end()));
  return at::tensor(all).view({-1, places});
}

at::Tensor permutation_set(const at::Tensor& candidates_QT, int64_t count, int64_t first) {
  const at::Tensor rows_TQ = candidates_QT.t().to(at::kByte).contiguous();  // places outside: the sums run over Q
  const auto Q = static_cast<size_t>(candidates_QT.size(0));
  TORCH_CHECK(count <= candidates_QT.size(0) && first < candidates_QT.size(0), "permutation_set: ", count, " of ", Q);
  const uint8_t* rows = rows_TQ.const_data_ptr<uint8_t>();
  std::vector<int32_t> distance(Q, 0);  // to all chosen together; the chosen themselves fall below zero
  std::vector<int64_t> chosen;
  for (auto next = static_cast<size_t>(first);;) {
    chosen.push_back(static_cast<int64_t>(next));
    if (std::ssize(chosen) == count) return at::tensor(chosen);
    for (int64_t t = 0; t < candidates_QT.size(1); ++t) {
      const uint8_t* row = rows + static_cast<size_t>(t) * Q;
      const uint8_t own = row[next];
      for (size_t q = 0; q < Q; ++q) distance[q] += row[q] != own ? 1 : 0;
    }
    distance[next] = std::numeric_limits<int32_t>::min() / 2;
    next = static_cast<size_t>(std::max_element(distance.begin(), distance.end()) - distance.begin());
  }
}

}  // namespace sslbench
