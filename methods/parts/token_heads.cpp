// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/token_heads.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {

TokenHeads::TokenHeads(const Vit& vit, const Settings& settings, at::Generator& generator)
    : vit_(vit),
      outputs_(settings.integer("prototypes")),
      patch_outputs_(settings.integer("patch_prototypes")),
      head_(dino_head_shape(settings, vit.shape().dim, /*on_vit=*/true), generator) {
  add_child("head", head_);
  if (settings.flag("shared_head")) {
    patch_outputs_ = outputs_;
    return;
  }
  DinoHeadShape shape = dino_head_shape(settings, vit.shape().dim, /*on_vit=*/true);
  shape.out = patch_outputs_;
  patch_head_ = std::make_unique<DinoHead>(shape, generator);
  add_child("patch_head", *patch_head_);
}

Tensor TokenHeads::cls(const Tensor& features_RD) const { return promoted(head_(features_RD)); }

Tensor TokenHeads::patches(const Tensor& tokens) const {
  const Tensor patches_RTD = without_prefix(vit_, tokens);
  const DinoHead& head = patch_head_ ? *patch_head_ : head_;
  return promoted(head(patches_RTD.flatten(0, 1))).unflatten(0, {patches_RTD.size(0), patches_RTD.size(1)});
}

void TokenHeads::drop_last_layer_gradients() {
  head_.drop_last_layer_gradient();
  if (patch_head_) patch_head_->drop_last_layer_gradient();
}

}  // namespace sslbench
