// SPDX-License-Identifier: Apache-2.0
// The projection head of DINO and iBOT: an MLP with GELU, unit length, then a linear layer with unit rows.
// facebookresearch/dino vision_transformer.py, DINOHead. Shapes: R rows, D width of the backbone, K outputs.
#pragma once

#include "methods/parts/mlp_head.h"

namespace sslbench {

struct DinoHeadShape {
  int64_t in = 0, layers = 3, hidden = 2048, bottleneck = 256, out = 65536;
  HeadNorm hidden_norm = HeadNorm::none;  // the authors: none for transformers, affine for convolutional networks
  bool norm_last_layer = true;            // the last layer's row lengths stay 1, else they are learned
};

class DinoHead final : public Module {
 public:
  DinoHead(const DinoHeadShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x) const;  // any leading dimensions when there is no batch norm
  // Drops the gradient of the last layer, for the epochs in which it is frozen.
  void drop_last_layer_gradient();

 private:
  MlpHead mlp_;
  Tensor weight_v_KD_, weight_g_K1_;
};

// The options layers, hidden, bottleneck, prototypes, hidden_norm, norm_last_layer and freeze_last_layer.
std::vector<Option> dino_head_options(int64_t prototypes);
// The shape that settings ask for. hidden_norm = "auto": none on a Vision Transformer, else affine.
DinoHeadShape dino_head_shape(const Settings& settings, int64_t in, bool on_vit);

}  // namespace sslbench
