// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/state_hash.h"

#include "suites/ground/sha256.h"
#include "suites/tensors/aten.h"

namespace sslbench {

std::string state_hash(const std::vector<NamedTensor>& state, int64_t step) {
  Sha256 hash;
  hash.update("step " + std::to_string(step) + "\n");
  for (const auto& [name, tensor] : state) {
    const Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    hash.update(name);
    for (const int64_t side : plain.sizes()) hash.update(" " + std::to_string(side));
    hash.update(plain.const_data_ptr(), plain.nbytes());
  }
  return hash.hex();
}

}  // namespace sslbench
