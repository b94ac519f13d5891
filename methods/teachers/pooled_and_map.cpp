// SPDX-License-Identifier: Apache-2.0
#include "methods/teachers/pooled_and_map.h"

#include "methods/parts/vit_of.h"
#include "suites/tensors/aten.h"

namespace sslbench {

PooledAndMap pooled_and_map(const Backbone& network, const Tensor& x_NCHW, bool with_map) {
  if (!with_map) return {network.features(x_NCHW), {}};
  const auto* vit = dynamic_cast<const Vit*>(&network);
  if (vit == nullptr) return {network.features(x_NCHW), network.feature_maps(x_NCHW).back()};
  const Tensor tokens_NTD = vit->tokens(x_NCHW);
  const int64_t h = vit->grid(x_NCHW.size(2)), w = vit->grid(x_NCHW.size(3));
  return {pooled_tokens(*vit, tokens_NTD), without_prefix(*vit, tokens_NTD).unflatten(1, {h, w}).permute({0, 3, 1, 2})};
}

}  // namespace sslbench
