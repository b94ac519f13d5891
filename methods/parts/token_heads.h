// SPDX-License-Identifier: Apache-2.0
// DINO heads on a Vision Transformer's class token and on its patches: one for both, or two.
// Shapes: R rows, P prefix tokens, T patches, D width, K and Q outputs.
#pragma once

#include <memory>

#include "methods/parts/dino_head.h"
#include "methods/parts/vit_of.h"

namespace sslbench {

class TokenHeads final : public Module {
 public:
  // From the options of dino_head_options(), shared_head and patch_prototypes.
  TokenHeads(const Vit& vit, const Settings& settings, at::Generator& generator);
  Tensor cls(const Tensor& features_RD) const;  // [R, K], float32
  // Tokens [R, P + T, D] -> [R, T, Q], float32.
  Tensor patches(const Tensor& tokens) const;
  void drop_last_layer_gradients();
  int64_t outputs() const { return outputs_; }
  int64_t patch_outputs() const { return patch_outputs_; }

 private:
  const Vit& vit_;
  int64_t outputs_, patch_outputs_;
  DinoHead head_;
  std::unique_ptr<DinoHead> patch_head_;  // absent when shared
};

}  // namespace sslbench
