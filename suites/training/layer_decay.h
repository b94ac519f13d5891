// SPDX-License-Identifier: Apache-2.0
// Layer-wise learning-rate decay: the rate of layer i is scaled by decay^(depth + 1 - i). Clark et al., "ELECTRA",
// ICLR 2020, arXiv:2003.10555; BEiT, MAE.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suites/training/optimizer.h"

namespace sslbench {

// Layers of a backbone of `depth` blocks: 0 is what comes before the first block (class token, positions, patch
// embedding; a ResNet's stem), block j (from 0) is j + 1, what follows is depth + 1.
struct Layers {
  std::vector<int64_t> numbers;  // of each parameter
  int64_t depth = 0;             // 0: no blocks ("blocks.<j>.", "layer<i>.<j>.") among the names
};

// `names` in order of registration. norm_with_last_block: a final "norm" belongs to the last block, as in timm; else
// not (MAE, BEiT, DINOv2).
Layers layers_of(const std::vector<std::string>& names, bool norm_with_last_block);

struct LayerDecay {
  double decay = 1;  // 1: off
  bool norm_with_last_block = false;
};

// Factor on the learning rate of each of a backbone's parameters. UserError when its names show no blocks.
std::vector<double> layer_scales(const std::vector<std::string>& names, const LayerDecay& layer_decay);

// What the optimizer is given: `rule` of every parameter (empty: all alike), times the layer's factor for those whose
// names begin with "backbone.".
std::vector<OptimizerParameter> optimizer_parameters(const std::vector<NamedTensor>& trainable,
                                                     const std::function<ParameterRule(const std::string&)>& rule,
                                                     const LayerDecay& layer_decay);

}  // namespace sslbench
