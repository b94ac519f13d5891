// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbone.h"

namespace sslbench {

// What a network says of whole images, and of their parts. Shapes: N images, D and C features, h w grid.
struct PooledAndMap {
  Tensor pooled_ND;  // Backbone::features()
  Tensor map_NChw;   // the coarsest of Backbone::feature_maps(); undefined where it was not asked for
};

// Vision Transformers give both in one pass; others, whose pooling may look at more than their map, take two.
PooledAndMap pooled_and_map(const Backbone& network, const Tensor& x_NCHW, bool with_map);

}  // namespace sslbench
