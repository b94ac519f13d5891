// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/patches/patch_memory.h"

#include <algorithm>

#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {

at::Tensor patch_votes(const PatchMemory& memory, const at::Tensor& query_QD, int64_t k, double temperature) {
  const int64_t kept = std::min(k, memory.bank.rows()), Q = query_QD.size(0);
  const TopProducts near = memory.bank.top(unit_rows(query_QD), kept);
  const at::Tensor weight_Q1k = at::softmax(near.value_MK / temperature, 1).unsqueeze(1);
  const at::Tensor voters_QkK =
      memory.labels_MK.index_select(0, near.index_MK.flatten()).view({Q, kept, memory.labels_MK.size(1)});
  return at::bmm(weight_Q1k, voters_QkK).squeeze(1);
}

}  // namespace sslbench
