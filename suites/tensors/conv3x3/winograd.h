// SPDX-License-Identifier: Apache-2.0
// A convolution of 3 x 3, stride 1 and padding 1 over blocks of tiles, and its weight's gradient. What a thread needs
// beside its operands it is given; no result depends on how tiles are divided, but for the sums of weight gradients.
#pragma once

#include "suites/tensors/conv3x3/panel_products.h"
#include "suites/tensors/conv3x3/winograd_tiles.h"

namespace sslbench {

// Tiles that are best worked on at a time: few, so that they stay near, but enough for each reading of large weights.
constexpr int64_t block_tiles(int64_t C, int64_t K) { return C * K < 131072 ? 48 : 128; }

// Numbers that convolve_tiles() or add_weight_sums() of up to `tiles` work in; the first max(C, K) of them are 0.
int64_t block_scratch(int64_t C, int64_t K, int64_t tiles);

// y of `tiles` of x [.., C], by U (transform_weights).
void convolve_tiles(const PanelKernel& kernel, const MapShape& map, const Channels<const float>& x, const float* U,
                    const TileRange& tiles, const Channels<float>& y, float* scratch);

// sums [kPlaces, C, K] += what `tiles` add to the weight's gradient in transformed form.
void add_weight_sums(const PanelKernel& kernel, const MapShape& map, const Channels<const float>& x,
                     const Channels<const float>& dy, const TileRange& tiles, float* sums, float* scratch);

}  // namespace sslbench
