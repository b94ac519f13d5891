// SPDX-License-Identifier: Apache-2.0
// Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray 2016, https://arxiv.org/abs/1509.09308, section 4.1): 16
// products of numbers where a direct convolution of stride 1 and padding 1 needs 36, a tile of 2 x 2 outputs at a time.
#pragma once

#include <cstdint>

namespace sslbench {

constexpr int64_t kPlaces = 16;  // of a transformed tile, 4 x 4
constexpr int64_t kPanel = 16;   // channels that lie together in transformed weights; channels are multiples of it

// Images of equal size, channels innermost.
struct MapShape {
  int64_t images, height, width;
  int64_t tiles_high() const { return (height + 1) / 2; }
  int64_t tiles_wide() const { return (width + 1) / 2; }
  int64_t tiles() const { return images * tiles_high() * tiles_wide(); }
};

// Some channels of every pixel: those from `first`, `pixel` numbers from one pixel to the next.
template <class T>
struct Channels {
  T* first;
  int64_t count, pixel;
};

struct TileRange {
  int64_t first, count;
};

// Numbers from a place to the next of transformed tiles, [kPlaces, map_place(..)], of it [tiles, channels]; the gap
// keeps the places of a tile apart in a cache.
constexpr int64_t map_place(int64_t tiles, int64_t channels) { return tiles * channels + kPanel; }

// From a place to the next, and from a panel to the next, of weights transformed for C input channels.
constexpr int64_t weight_place(int64_t C) { return C * kPanel + kPanel; }
constexpr int64_t weight_panel(int64_t C) { return kPlaces * weight_place(C); }

}  // namespace sslbench
