// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/winograd.h"

#include <algorithm>

#include "suites/tensors/conv3x3/winograd_transforms.h"

namespace sslbench {
namespace {

// What a block works in: a pixel of zeros, one that nobody reads, V and M.
struct Scratch {
  float *zeros, *spare, *V, *M;
};

Scratch scratch_of(float* first, int64_t C, int64_t K, int64_t tiles) {
  const int64_t pixel = std::max(C, K);
  float* V = first + 2 * pixel;
  return {first, first + pixel, V, V + kPlaces * map_place(tiles, C)};
}

// The rows of pixels that the tiles after `tiles` lie on, brought near while products are computed: a transform reads
// and writes memory faster than it comes.
class Ahead {
 public:
  template <class T>
  Ahead(const MapShape& map, const Channels<T>& all, const TileRange& tiles, int64_t slices)
      : at_(byte_of(map, all, tiles.first + tiles.count)),
        end_(byte_of(map, all, tiles.first + 2 * tiles.count + map.tiles_wide())),
        slice_((end_ - at_) / slices + kLine) {}

  template <bool kForWriting>
  void next_slice() {
    const char* last = std::min(at_ + slice_, end_);
    for (; at_ < last; at_ += kLine) __builtin_prefetch(at_, kForWriting ? 1 : 0, 2);
  }

 private:
  static constexpr int64_t kLine = 64;  // bytes

  // The first of the row that holds the tile; the end of the map.
  template <class T>
  static const char* byte_of(const MapShape& map, const Channels<T>& all, int64_t tile) {
    const int64_t pixels = map.images * map.height * map.width;
    const int64_t row = tile / map.tiles_wide() * map.height / map.tiles_high();
    return reinterpret_cast<const char*>(all.first + std::min(pixels, row * map.width) * all.pixel);
  }

  const char *at_, *end_;
  int64_t slice_;
};

}  // namespace

int64_t block_scratch(int64_t C, int64_t K, int64_t tiles) {
  return 2 * std::max(C, K) + kPlaces * (map_place(tiles, C) + map_place(tiles, K));
}

void convolve_tiles(const PanelKernel& kernel, const MapShape& map, const Channels<const float>& x, const float* U,
                    const TileRange& tiles, const Channels<float>& y, float* scratch) {
  const int64_t C = x.count, K = y.count;
  const Scratch at = scratch_of(scratch, C, K, tiles.count);
  Ahead inputs(map, x, tiles, kPlaces * K / kPanel), outputs(map, y, tiles, kPlaces * K / kPanel);
  transform_inputs(map, x, tiles, at.zeros, at.V);
  for (int64_t p = 0; p < kPlaces; ++p) {
    for (int64_t k = 0; k < K; k += kPanel) {
      inputs.next_slice<false>(), outputs.next_slice<true>();
      kernel.run({.rows = tiles.count,
                  .steps = C,
                  .a = at.V + p * map_place(tiles.count, C),
                  .a_row = C,
                  .a_step = 1,
                  .b = U + k / kPanel * weight_panel(C) + p * weight_place(C),
                  .b_step = kPanel,
                  .out = at.M + p * map_place(tiles.count, K) + k,
                  .out_row = K,
                  .add = false});
    }
  }
  outputs_of(map, at.M, tiles, at.spare, y);
}

void add_weight_sums(const PanelKernel& kernel, const MapShape& map, const Channels<const float>& x,
                     const Channels<const float>& dy, const TileRange& tiles, float* sums, float* scratch) {
  const int64_t C = x.count, K = dy.count;
  const Scratch at = scratch_of(scratch, C, K, tiles.count);
  Ahead inputs(map, x, tiles, kPlaces * K / kPanel), gradients(map, dy, tiles, kPlaces * K / kPanel);
  transform_inputs(map, x, tiles, at.zeros, at.V);
  transform_output_gradients(map, dy, tiles, at.zeros, at.M);
  for (int64_t p = 0; p < kPlaces; ++p) {
    for (int64_t k = 0; k < K; k += kPanel) {
      inputs.next_slice<false>(), gradients.next_slice<false>();
      kernel.run({.rows = C,
                  .steps = tiles.count,
                  .a = at.V + p * map_place(tiles.count, C),
                  .a_row = 1,
                  .a_step = C,
                  .b = at.M + p * map_place(tiles.count, K) + k,
                  .b_step = K,
                  .out = sums + p * C * K + k,
                  .out_row = K,
                  .add = true});
    }
  }
}

}  // namespace sslbench
