// SPDX-License-Identifier: Apache-2.0
// Into and out of the transformed tiles of winograd_tiles.h. C channels of the input, K of the output, both multiples
// of kPanel; transformed tiles lie as map_place() says, for as many as given. Nothing here knows of threads.
#pragma once

#include "suites/tensors/conv3x3/winograd_tiles.h"

namespace sslbench {

// A weight at [K, C, 3, 3] with its strides in numbers, any, negative ones too: the input's gradient is a convolution
// with the weight turned by half, `out` and `in` exchanged.
template <class T>
struct KernelView {
  T* first;
  int64_t out, in, y, x;  // strides
};

// Output channels [first_out, first_out + kPanel) of `weight` to their panel of U: [K / kPanel, weight_panel(C)], of it
// [kPlaces, weight_place(C)], of it [C, kPanel].
void transform_weights(const KernelView<const float>& weight, int64_t C, int64_t first_out, float* U);

// The 4 x 4 pixels around each tile; `zeros` [C] stand outside the map.
void transform_inputs(const MapShape& map, const Channels<const float>& x, const TileRange& tiles, const float* zeros,
                      float* V);

// The 2 x 2 pixels of each tile's gradient.
void transform_output_gradients(const MapShape& map, const Channels<const float>& dy, const TileRange& tiles,
                                const float* zeros, float* M);

// The 2 x 2 outputs of each tile, from products M; `spare` [K] takes what lies outside the map.
void outputs_of(const MapShape& map, const float* M, const TileRange& tiles, float* spare, const Channels<float>& y);

// Input channel c of the weight's gradient, K output channels: from `parts` sums, `part_stride` apart, each
// [kPlaces, C, K].
struct WeightSums {
  const float* first;
  int64_t parts, part_stride, C, K;
};
void weight_gradients_of(const WeightSums& sums, int64_t c, const KernelView<float>& gradient);

}  // namespace sslbench
