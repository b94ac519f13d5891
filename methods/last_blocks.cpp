// SPDX-License-Identifier: Apache-2.0
#include "methods/last_blocks.h"

#include "methods/layers.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {

LastBlocks read_last_blocks(const std::vector<at::Tensor>& each_block, int64_t count, int64_t prefix,
                            const LayerNorm& norm) {
  LastBlocks out;
  for (size_t i = each_block.size() - static_cast<size_t>(count); i < each_block.size(); ++i) {
    out.class_ND.push_back(promoted(norm(each_block[i].select(1, 0))));
  }
  const at::Tensor& last_NTD = each_block.back();
  const at::Tensor patches_NLD = norm(last_NTD.narrow(1, prefix, last_NTD.size(1) - prefix));
  out.patch_mean_ND = promoted(patches_NLD).mean({1});
  return out;
}

}  // namespace sslbench
