// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/norm_act/norm_act_loops.h"

#include <algorithm>
#include <bit>

#include "suites/ground/vector_clones.h"
#include "suites/tensors/norm_act/norm_act_math.h"

namespace sslbench {
namespace {

constexpr int64_t kSummed = 64;  // rows of one float32 sum

SSLBENCH_INLINE float value(float x) { return x; }
SSLBENCH_INLINE float value(BFloat16Bits x) { return std::bit_cast<float>(static_cast<uint32_t>(x) << 16); }

SSLBENCH_INLINE void put(float value, float& to) { to = value; }
// To the nearest, ties to even, as c10::BFloat16.
SSLBENCH_INLINE void put(float value, BFloat16Bits& to) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  to = static_cast<BFloat16Bits>(value != value ? 0x7fc0 : rounded);
}

SSLBENCH_INLINE Affine affine_at(const AffineRow& row, int64_t c) { return {row.mean[c], row.scale[c], row.shift[c]}; }

template <class T>
SSLBENCH_INLINE void add_shifted(const T* x, int64_t C, const float* shift, float* sum, float* squares) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) {
    const float d = value(x[c]) - shift[c];
    sum[c] += d, squares[c] += d * d;
  }
}

template <class T>
SSLBENCH_INLINE void moments(const RowBlock<T>& block, float* mean, float* m2, float* shift) {
  const int64_t C = block.columns;
  float *sum = shift + C, *squares = sum + C;
  std::fill(mean, mean + C, 0.0f), std::fill(m2, m2 + C, 0.0f);
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) shift[c] = value(block.x[c]);
  for (int64_t first = 0; first < block.rows; first += kSummed) {
    const int64_t last = std::min(block.rows, first + kSummed);
    std::fill(sum, sum + 2 * C, 0.0f);
    for (int64_t row = first; row < last; ++row) add_shifted(block.x + row * C, C, shift, sum, squares);
    const auto before = static_cast<float>(first), count = static_cast<float>(last - first);
    SSLBENCH_VECTOR_LOOP
    for (int64_t c = 0; c < C; ++c) {
      const Moments all = joined({before, mean[c], m2[c]}, moments_from_shifted(count, shift[c], sum[c], squares[c]));
      mean[c] = all.mean, m2[c] = all.m2;
    }
  }
}

template <bool kRelu, bool kResidual, class T>
SSLBENCH_INLINE void forward_row(const T* x, const T* residual, int64_t C, const AffineRow& affine, T* y) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) {
    float v = normalised(value(x[c]), affine_at(affine, c));
    if (kResidual) v += value(residual[c]);
    put(kRelu ? rectified(v) : v, y[c]);
  }
}

template <bool kRelu, bool kResidual, class T>
SSLBENCH_INLINE void forward(const RowBlock<T>& block, const AffineRow& affine, T* y) {
  const int64_t C = block.columns;
  for (int64_t at = 0; at < block.rows * C; at += C) {
    forward_row<kRelu, kResidual>(block.x + at, kResidual ? block.residual + at : nullptr, C, affine, y + at);
  }
}

template <class T>
SSLBENCH_INLINE void forward_of(const RowBlock<T>& block, const AffineRow& affine, bool relu, T* y) {
  if (block.residual == nullptr) {
    relu ? forward<true, false>(block, affine, y) : forward<false, false>(block, affine, y);
  } else {
    relu ? forward<true, true>(block, affine, y) : forward<false, true>(block, affine, y);
  }
}

enum class Mask { none, from_x, from_y };

template <Mask kMask, class T>
SSLBENCH_INLINE void add_gradients(const T* x, const T* dy, const T* y, int64_t C, const AffineRow& affine, T* masked,
                                   float* sum_g, float* sum_gx) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) {
    const Affine a = affine_at(affine, c);
    const float v = value(x[c]);
    float g = value(dy[c]);
    if (kMask == Mask::from_x) g = gradient_of_rectified(normalised(v, a), g);
    if (kMask == Mask::from_y) {
      g = gradient_of_rectified(value(y[c]), g);
      put(g, masked[c]);
    }
    sum_g[c] += g, sum_gx[c] += g * (v - a.mean);
  }
}

template <Mask kMask, class T>
SSLBENCH_INLINE void gradient_sums(const RowBlock<T>& block, const AffineRow& affine, T* masked, float* sum_g,
                                   float* sum_gx, float* part_g) {
  constexpr bool kWrites = kMask == Mask::from_y;
  const int64_t C = block.columns;
  float* part_gx = part_g + C;
  std::fill(sum_g, sum_g + C, 0.0f), std::fill(sum_gx, sum_gx + C, 0.0f);
  for (int64_t first = 0; first < block.rows; first += kSummed) {
    std::fill(part_g, part_g + 2 * C, 0.0f);
    for (int64_t at = first * C; at < std::min(block.rows, first + kSummed) * C; at += C) {
      add_gradients<kMask>(block.x + at, block.dy + at, kWrites ? block.y + at : nullptr, C, affine,
                           kWrites ? masked + at : nullptr, part_g, part_gx);
    }
    SSLBENCH_VECTOR_LOOP
    for (int64_t c = 0; c < C; ++c) sum_g[c] += part_g[c], sum_gx[c] += part_gx[c];
  }
}

template <class T>
SSLBENCH_INLINE void gradient_sums_of(const RowBlock<T>& block, const AffineRow& affine, bool relu, T* masked,
                                      float* sum_g, float* sum_gx, float* scratch) {
  if (!relu) {
    gradient_sums<Mask::none>(block, affine, masked, sum_g, sum_gx, scratch);
  } else if (block.y == nullptr) {
    gradient_sums<Mask::from_x>(block, affine, masked, sum_g, sum_gx, scratch);
  } else {
    gradient_sums<Mask::from_y>(block, affine, masked, sum_g, sum_gx, scratch);
  }
}

template <bool kRelu, class T>
SSLBENCH_INLINE void input_gradient_row(const T* x, const T* dy, int64_t C, const AffineRow& affine,
                                        const InputGradientRow& gradient, T* dx) {
  SSLBENCH_VECTOR_LOOP
  for (int64_t c = 0; c < C; ++c) {
    const Affine a = affine_at(affine, c);
    const InputGradient k{gradient.own[c], gradient.through_x[c], gradient.constant[c]};
    const float v = value(x[c]);
    float g = value(dy[c]);
    if (kRelu) g = gradient_of_rectified(normalised(v, a), g);
    put(input_gradient(g, v, a.mean, k), dx[c]);
  }
}

template <bool kRelu, class T>
SSLBENCH_INLINE void input_gradients(const RowBlock<T>& block, const AffineRow& affine,
                                     const InputGradientRow& gradient, T* dx) {
  const int64_t C = block.columns;
  for (int64_t at = 0; at < block.rows * C; at += C) {
    input_gradient_row<kRelu>(block.x + at, block.dy + at, C, affine, gradient, dx + at);
  }
}

// Clang clones only what was not declared before.
SSLBENCH_VECTOR_CLONES
void moments_floats(const RowBlock<float>& block, float* mean, float* m2, float* scratch) {
  moments(block, mean, m2, scratch);
}
SSLBENCH_VECTOR_CLONES
void forward_floats(const RowBlock<float>& block, const AffineRow& affine, bool relu, float* y) {
  forward_of(block, affine, relu, y);
}
SSLBENCH_VECTOR_CLONES
void gradient_sums_floats(const RowBlock<float>& block, const AffineRow& affine, bool relu, float* masked, float* sum_g,
                          float* sum_gx, float* scratch) {
  gradient_sums_of(block, affine, relu, masked, sum_g, sum_gx, scratch);
}
SSLBENCH_VECTOR_CLONES
void input_gradients_floats(const RowBlock<float>& block, const AffineRow& affine, const InputGradientRow& gradient,
                            bool relu, float* dx) {
  relu ? input_gradients<true>(block, affine, gradient, dx) : input_gradients<false>(block, affine, gradient, dx);
}

SSLBENCH_VECTOR_CLONES
void moments_bfloats(const RowBlock<BFloat16Bits>& block, float* mean, float* m2, float* scratch) {
  moments(block, mean, m2, scratch);
}
SSLBENCH_VECTOR_CLONES
void forward_bfloats(const RowBlock<BFloat16Bits>& block, const AffineRow& affine, bool relu, BFloat16Bits* y) {
  forward_of(block, affine, relu, y);
}
SSLBENCH_VECTOR_CLONES
void gradient_sums_bfloats(const RowBlock<BFloat16Bits>& block, const AffineRow& affine, bool relu,
                           BFloat16Bits* masked, float* sum_g, float* sum_gx, float* scratch) {
  gradient_sums_of(block, affine, relu, masked, sum_g, sum_gx, scratch);
}
SSLBENCH_VECTOR_CLONES
void input_gradients_bfloats(const RowBlock<BFloat16Bits>& block, const AffineRow& affine,
                             const InputGradientRow& gradient, bool relu, BFloat16Bits* dx) {
  relu ? input_gradients<true>(block, affine, gradient, dx) : input_gradients<false>(block, affine, gradient, dx);
}

}  // namespace

template <>
const NormActLoops<float>& norm_act_loops<float>() {
  static constexpr NormActLoops<float> kLoops = {moments_floats, forward_floats, gradient_sums_floats,
                                                 input_gradients_floats};
  return kLoops;
}

template <>
const NormActLoops<BFloat16Bits>& norm_act_loops<BFloat16Bits>() {
  static constexpr NormActLoops<BFloat16Bits> kLoops = {moments_bfloats, forward_bfloats, gradient_sums_bfloats,
                                                        input_gradients_bfloats};
  return kLoops;
}

}  // namespace sslbench
