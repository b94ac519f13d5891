// SPDX-License-Identifier: Apache-2.0
// What linear evaluations of Vision Transformers read beside the class token at the end: facebookresearch/dino
// eval_linear.py, facebookresearch/dinov2 dinov2/eval/linear.py. Shapes: N images, T tokens, D width.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

class LayerNorm;

// After the network's final norm, which is taken of every block alike; [N, D] each, float32 at least.
struct LastBlocks {
  std::vector<at::Tensor> class_ND;  // class tokens of the last blocks, lowest first
  at::Tensor patch_mean_ND;          // mean of the last block's patch tokens
};

// Of every block's output [N, T, D] before the final norm, lowest first: `prefix` tokens, the first of them the class
// token, then patches.
LastBlocks read_last_blocks(const std::vector<at::Tensor>& each_block, int64_t count, int64_t prefix,
                            const LayerNorm& norm);

}  // namespace sslbench
