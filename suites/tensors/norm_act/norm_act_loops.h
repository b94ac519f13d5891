// SPDX-License-Identifier: Apache-2.0
// The CPU's loops over rows of [rows, C], contiguous, float32 or bfloat16, where each of the C columns has statistics
// and parameters of its own. Each call takes one block of rows and knows nothing of threads. Sums are float32, of at
// most 64 rows before they are joined.
#pragma once

#include <cstdint>

namespace sslbench {

enum class BFloat16Bits : uint16_t {};

template <class T>  // float or BFloat16Bits
struct RowBlock {
  int64_t rows, columns;
  const T* x;
  const T* residual = nullptr;  // forward; may be absent
  const T* dy = nullptr;        // backward
  const T* y = nullptr;         // backward; the output, where the mask is to come from it
};

// Affine and InputGradient (norm_act_math.h) of every column, [C] each.
struct AffineRow {
  const float *mean, *scale, *shift;
};
struct InputGradientRow {
  const float *own, *through_x, *constant;
};

template <class T>
struct NormActLoops {
  // mean, m2 [C], out: Moments of the block's values. scratch: 3 C floats.
  void (*moments)(const RowBlock<T>& block, float* mean, float* m2, float* scratch);
  // y = act(normalised(x) [+ residual]).
  void (*forward)(const RowBlock<T>& block, const AffineRow& affine, bool relu, T* y);
  // sum_g, sum_gx [C], out: of g and of g (x - mean), where g is dy behind ReLU's mask: from block.y where there is
  // one, and then g is written to `masked`; else from x. scratch: 2 C floats.
  void (*gradient_sums)(const RowBlock<T>& block, const AffineRow& affine, bool relu, T* masked, float* sum_g,
                        float* sum_gx, float* scratch);
  // dx of g: block.dy, behind the mask from x if `relu`.
  void (*input_gradients)(const RowBlock<T>& block, const AffineRow& affine, const InputGradientRow& gradient,
                          bool relu, T* dx);
};

// Those that are best on this processor; all give equal bits.
template <class T>
const NormActLoops<T>& norm_act_loops();
template <>
const NormActLoops<float>& norm_act_loops<float>();
template <>
const NormActLoops<BFloat16Bits>& norm_act_loops<BFloat16Bits>();

}  // namespace sslbench
