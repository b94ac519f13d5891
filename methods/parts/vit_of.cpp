// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/vit_of.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {

Vit& vit_of(const std::string& method, Backbone& backbone) {
  auto* vit = dynamic_cast<Vit*>(&backbone);
  if (vit == nullptr) {
    throw UserError(method +
                    ": needs a Vision Transformer whose patches can be masked or left out, and this backbone is "
                    "none; set backbone.name to one of vit_*, dinov2_*, clip_* or siglip_*");
  }
  return *vit;
}

void require_whole_patches(const std::string& method, const Vit& vit, int64_t pixels) {
  const int64_t p = vit.shape().patch_size;
  if (pixels % p == 0) return;
  throw UserError(method + ": patches of " + std::to_string(p) + " px do not divide views of " +
                  std::to_string(pixels) + " px; change backbone.patch_size or views.size");
}

Tensor without_prefix(const Vit& vit, const Tensor& tokens_NTD) {
  return tokens_NTD.narrow(1, vit.prefix(), tokens_NTD.size(1) - vit.prefix());
}

Tensor pooled_tokens(const Vit& vit, const Tensor& tokens_NTD) {
  if (vit.shape().attention_pool) return vit.attention_pool(tokens_NTD);
  return vit.shape().mean_pooling ? without_prefix(vit, tokens_NTD).mean(1) : tokens_NTD.select(1, 0);
}

}  // namespace sslbench
