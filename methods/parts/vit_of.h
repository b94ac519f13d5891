// SPDX-License-Identifier: Apache-2.0
// What methods that work on tokens ask of their backbone.
// Shapes: N images, P prefix tokens, L patches of the whole grid, T = P + patches that took part, D width.
#pragma once

#include <string>

#include "methods/backbones/vit.h"

namespace sslbench {

// The backbone as a Vision Transformer; UserError when it is none.
Vit& vit_of(const std::string& method, Backbone& backbone);

// UserError unless the patch divides the side of a view.
void require_whole_patches(const std::string& method, const Vit& vit, int64_t pixels);

// [N, T, D] -> [N, D]: the class token or the mean of the patches, as Vit::features() pools.
Tensor pooled_tokens(const Vit& vit, const Tensor& tokens_NTD);

// The patches of [N, T, D].
Tensor without_prefix(const Vit& vit, const Tensor& tokens_NTD);

}  // namespace sslbench
