// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/winograd_transforms.h"

#include <array>

#include "suites/ground/vector_clones.h"
#include "suites/tensors/conv3x3/winograd_math.h"

namespace sslbench {
namespace {

using namespace winograd;
using PixelSquare = std::array<const float*, kPlaces>;

struct TileCorner {
  int64_t image, y, x;  // of its first output
};

TileCorner corner_of(const MapShape& map, int64_t tile) {
  const int64_t wide = map.tiles_wide(), high = map.tiles_high(), row = tile / wide;
  return {row / high, 2 * (row % high), 2 * (tile % wide)};
}

// kSide x kSide pixels from `at` on, row by row.
template <int kSide, class T>
SSLBENCH_INLINE void pixels_of(const MapShape& map, const Channels<T>& all, const TileCorner& at, T* outside, T** out) {
  const int64_t row = map.width * all.pixel;
  T* first = all.first + at.image * map.height * row + at.y * row + at.x * all.pixel;
  for (int y = 0; y < kSide; ++y) {
    const bool in_row = at.y + y >= 0 && at.y + y < map.height;
    for (int x = 0; x < kSide; ++x) {
      const bool inside = in_row && at.x + x >= 0 && at.x + x < map.width;
      out[kSide * y + x] = inside ? first + y * row + x * all.pixel : outside;
    }
  }
}

SSLBENCH_INLINE Four<float> four(const float* const* from, int64_t c) {
  return {from[0][c], from[1][c], from[2][c], from[3][c]};
}

SSLBENCH_INLINE void put(const Four<float>& row, int64_t stride, float* to) {
  to[0] = row.a, to[stride] = row.b, to[2 * stride] = row.c, to[3 * stride] = row.d;
}

SSLBENCH_INLINE void put(const Four<Four<float>>& square, int64_t stride, float* to) {
  put(square.a, stride, to), put(square.b, stride, to + 4 * stride);
  put(square.c, stride, to + 8 * stride), put(square.d, stride, to + 12 * stride);
}

SSLBENCH_INLINE Four<Four<float>> places_at(const float* from, int64_t stride) {
  const auto row = [&](int64_t r) {
    const float* first = from + 4 * r * stride;
    return Four<float>{first[0], first[stride], first[2 * stride], first[3 * stride]};
  };
  return {row(0), row(1), row(2), row(3)};
}

SSLBENCH_INLINE void input_tile(const PixelSquare& from, int64_t C, int64_t place, float* to) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) {
    const Four<Four<float>> d{four(&from[0], c), four(&from[4], c), four(&from[8], c), four(&from[12], c)};
    put(both_sides(OfInput{}, d), place, to + c);
  }
}

SSLBENCH_INLINE void gradient_tile(const std::array<const float*, 4>& from, int64_t K, int64_t place, float* to) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t k = 0; k < K; ++k) {
    const Two<Two<float>> dy{{from[0][k], from[1][k]}, {from[2][k], from[3][k]}};
    put(both_sides(OfOutputGradient{}, dy), place, to + k);
  }
}

SSLBENCH_INLINE void output_tile(const float* from, int64_t K, int64_t place, const std::array<float*, 4>& to) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t k = 0; k < K; ++k) {
    const Two<Two<float>> y = both_sides(OfProduct{}, places_at(from + k, place));
    to[0][k] = y.a.a, to[1][k] = y.a.b, to[2][k] = y.b.a, to[3][k] = y.b.b;
  }
}

// Taps of kPanel x kPanel channels, output channels innermost: each line of memory is read once.
using PanelTaps = float[9][kPanel][kPanel];

SSLBENCH_INLINE void read_taps(const KernelView<const float>& weight, int64_t first_in, int64_t first_out,
                               PanelTaps& taps) {
  for (int64_t k = 0; k < kPanel; ++k) {
    for (int64_t tap = 0; tap < 9; ++tap) {
      const float* from =
          weight.first + (first_out + k) * weight.out + first_in * weight.in + tap / 3 * weight.y + tap % 3 * weight.x;
      for (int64_t c = 0; c < kPanel; ++c) taps[tap][c][k] = from[c * weight.in];
    }
  }
}

}  // namespace

SSLBENCH_VECTOR_CLONES
void transform_weights(const KernelView<const float>& weight, int64_t C, int64_t first_out, float* U) {
  PanelTaps taps;
  float* panel = U + first_out / kPanel * weight_panel(C);
  for (int64_t first = 0; first < C; first += kPanel) {
    read_taps(weight, first, first_out, taps);
    for (int64_t c = 0; c < kPanel; ++c) {
      float* to = panel + (first + c) * kPanel;
      SSLBENCH_VECTOR_LOOP
      for (int64_t k = 0; k < kPanel; ++k) {
        const Three<Three<float>> w{{taps[0][c][k], taps[1][c][k], taps[2][c][k]},
                                    {taps[3][c][k], taps[4][c][k], taps[5][c][k]},
                                    {taps[6][c][k], taps[7][c][k], taps[8][c][k]}};
        put(both_sides(OfWeight{}, w), weight_place(C), to + k);
      }
    }
  }
}

SSLBENCH_VECTOR_CLONES
void transform_inputs(const MapShape& map, const Channels<const float>& x, const TileRange& tiles, const float* zeros,
                      float* V) {
  const int64_t place = map_place(tiles.count, x.count);
  PixelSquare pixels;
  for (int64_t t = 0; t < tiles.count; ++t) {
    const TileCorner at = corner_of(map, tiles.first + t);
    pixels_of<4>(map, x, {at.image, at.y - 1, at.x - 1}, zeros, pixels.data());
    input_tile(pixels, x.count, place, V + t * x.count);
  }
}

SSLBENCH_VECTOR_CLONES
void transform_output_gradients(const MapShape& map, const Channels<const float>& dy, const TileRange& tiles,
                                const float* zeros, float* M) {
  const int64_t place = map_place(tiles.count, dy.count);
  std::array<const float*, 4> pixels;
  for (int64_t t = 0; t < tiles.count; ++t) {
    pixels_of<2>(map, dy, corner_of(map, tiles.first + t), zeros, pixels.data());
    gradient_tile(pixels, dy.count, place, M + t * dy.count);
  }
}

SSLBENCH_VECTOR_CLONES
void outputs_of(const MapShape& map, const float* M, const TileRange& tiles, float* spare, const Channels<float>& y) {
  const int64_t place = map_place(tiles.count, y.count);
  std::array<float*, 4> pixels;
  for (int64_t t = 0; t < tiles.count; ++t) {
    pixels_of<2>(map, y, corner_of(map, tiles.first + t), spare, pixels.data());
    output_tile(M + t * y.count, y.count, place, pixels);
  }
}

SSLBENCH_VECTOR_CLONES
void weight_gradients_of(const WeightSums& sums, int64_t c, const KernelView<float>& gradient) {
  const int64_t place = sums.C * sums.K;
  float total[kPlaces][kPanel], taps[9][kPanel];
  for (int64_t first = 0; first < sums.K; first += kPanel) {
    for (int64_t p = 0; p < kPlaces; ++p) {
      const float* from = sums.first + p * place + c * sums.K + first;
      for (int64_t k = 0; k < kPanel; ++k) total[p][k] = from[k];
      for (int64_t part = 1; part < sums.parts; ++part) {
        for (int64_t k = 0; k < kPanel; ++k) total[p][k] += from[part * sums.part_stride + k];
      }
    }
    SSLBENCH_VECTOR_LOOP
    for (int64_t k = 0; k < kPanel; ++k) {
      const Three<Three<float>> w = both_sides(OfProductGradient{}, places_at(&total[0][k], kPanel));
      taps[0][k] = w.a.a, taps[1][k] = w.a.b, taps[2][k] = w.a.c;
      taps[3][k] = w.b.a, taps[4][k] = w.b.b, taps[5][k] = w.b.c;
      taps[6][k] = w.c.a, taps[7][k] = w.c.b, taps[8][k] = w.c.c;
    }
    for (int64_t tap = 0; tap < 9; ++tap) {
      float* to = gradient.first + c * gradient.in + tap / 3 * gradient.y + tap % 3 * gradient.x;
      for (int64_t k = 0; k < kPanel; ++k) to[(first + k) * gradient.out] = taps[tap][k];
    }
  }
}

}  // namespace sslbench
