// SPDX-License-Identifier: Apache-2.0
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "suites/tensors/aten.h"
#include "suites/tensors/library_threads.h"
#include "suites/tensors/norm_act/norm_act_loops.h"
#include "suites/tensors/norm_act/norm_act_math.h"

// Shapes: C channels, K columns, B blocks of rows.
namespace sslbench {
namespace {

using at::Tensor;

// x as rows of columns: several rows of few channels count as one, so that loops along a row are long and walk memory
// in its order; channel c has the columns c, c + C, c + 2 C, .. Where it is cut depends on its shape alone, so sums are
// the same for any number of threads.
struct Blocks {
  int64_t channels, columns, rows, of_block, count;
};

Blocks blocks_of(const Tensor& x) {
  constexpr int64_t kLongRow = 128, kValues = 32768, kFewestRows = 64;
  Blocks out{x.size(1), x.size(1), x.numel() / x.size(1)};
  while (2 * out.columns <= kLongRow && out.rows % 2 == 0) out.columns *= 2, out.rows /= 2;
  out.of_block = std::max(kFewestRows, kValues / out.columns);
  out.count = (out.rows + out.of_block - 1) / out.of_block;
  return out;
}

template <class T>
const T* data_of(const Tensor& x) {
  return x.defined() ? static_cast<const T*>(x.const_data_ptr()) : nullptr;
}

// Calls take(block, number) for every block on LibTorch's threads, each thread from its last block to its first: what a
// pass before read last is still near.
template <class T, class Take>
void for_blocks(const Blocks& blocks, const RowBlock<T>& whole, const Take& take) {
  on_library_threads(blocks.count, [&](int64_t begin, int64_t end) {
    for (int64_t b = end - 1; b >= begin; --b) {
      const int64_t first = b * blocks.of_block, at = first * blocks.columns;
      RowBlock<T> block = whole;
      block.rows = std::min(blocks.of_block, blocks.rows - first);
      block.x += at;
      if (block.residual != nullptr) block.residual += at;
      if (block.dy != nullptr) block.dy += at;
      if (block.y != nullptr) block.y += at;
      take(block, b);
    }
  });
}

Tensor floats(at::IntArrayRef shape) { return at::empty(shape, at::TensorOptions(at::kFloat)); }

// What each column goes through, [3, K].
Tensor affine_rows(const Blocks& blocks, const Tensor& mean_C, const Tensor& weight_C, const Tensor& bias_C,
                   const Tensor& inverse_std_C) {
  Tensor out_3K = floats({3, blocks.columns});
  auto* out = out_3K.mutable_data_ptr<float>();
  const auto *mean = data_of<float>(mean_C), *weight = data_of<float>(weight_C), *bias = data_of<float>(bias_C),
             *inverse_std = data_of<float>(inverse_std_C);
  for (int64_t k = 0; k < blocks.columns; ++k) {
    const int64_t c = k % blocks.channels;
    const Affine of_c = affine_of(mean[c], inverse_std[c], weight[c], bias[c]);
    out[k] = of_c.mean, out[blocks.columns + k] = of_c.scale, out[2 * blocks.columns + k] = of_c.shift;
  }
  return out_3K;
}

AffineRow affine_row(const Tensor& affine_3K) {
  const auto* first = data_of<float>(affine_3K);
  const int64_t K = affine_3K.size(1);
  return {first, first + K, first + 2 * K};
}

// Mean and variance (biased) of every channel of x; the running statistics move.
template <class T>
void statistics(const Tensor& x, const Tensor& mean_C, const Tensor& variance_C, const Tensor& running_mean,
                const Tensor& running_var, float momentum) {
  const Blocks blocks = blocks_of(x);
  const int64_t C = blocks.channels, K = blocks.columns;
  const Tensor parts_B5K = floats({blocks.count, 5, K});  // mean, m2, and scratch of the loop
  float* parts = parts_B5K.mutable_data_ptr<float>();
  for_blocks(blocks, RowBlock<T>{blocks.rows, K, data_of<T>(x)}, [&](const RowBlock<T>& block, int64_t b) {
    float* part = parts + b * 5 * K;
    norm_act_loops<T>().moments(block, part, part + K, part + 2 * K);
  });
  auto *mean = mean_C.mutable_data_ptr<float>(), *variance = variance_C.mutable_data_ptr<float>();
  auto *moving_mean = running_mean.mutable_data_ptr<float>(), *moving_var = running_var.mutable_data_ptr<float>();
  for (int64_t c = 0; c < C; ++c) {
    Moments all{0, 0, 0};
    for (int64_t b = 0; b < blocks.count; ++b) {
      const auto rows = static_cast<float>(std::min(blocks.of_block, blocks.rows - b * blocks.of_block));
      const float* part = parts + b * 5 * K;
      for (int64_t k = c; k < K; k += C) all = joined(all, {rows, part[k], part[K + k]});
    }
    mean[c] = all.mean, variance[c] = all.m2 / all.count;
    moving_mean[c] = moved(moving_mean[c], all.mean, momentum);
    moving_var[c] = moved(moving_var[c], all.m2 / (all.count - 1), momentum);
  }
}

template <class T>
std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& x, const Tensor& residual, const Tensor& weight_C,
                                           const Tensor& bias_C, const Tensor& running_mean, const Tensor& running_var,
                                           bool training, double momentum, double eps, bool relu) {
  const Blocks blocks = blocks_of(x);
  const int64_t C = blocks.channels;
  Tensor mean_C = running_mean, variance_C = running_var;
  if (training) {
    mean_C = floats({C}), variance_C = floats({C});
    statistics<T>(x, mean_C, variance_C, running_mean, running_var, static_cast<float>(momentum));
  }
  Tensor inverse_std_C = floats({C});
  auto* inverse_std = inverse_std_C.mutable_data_ptr<float>();
  const auto* variance = data_of<float>(variance_C);
  for (int64_t c = 0; c < C; ++c) inverse_std[c] = 1 / std::sqrt(variance[c] + static_cast<float>(eps));
  const Tensor affine_3K = affine_rows(blocks, mean_C, weight_C, bias_C, inverse_std_C);
  Tensor y = at::empty_like(x);
  auto* out = static_cast<T*>(y.mutable_data_ptr());
  const RowBlock<T> whole{blocks.rows, blocks.columns, data_of<T>(x), data_of<T>(residual)};
  for_blocks(blocks, whole, [&](const RowBlock<T>& block, int64_t) {
    norm_act_loops<T>().forward(block, affine_row(affine_3K), relu, out + (block.x - whole.x));
  });
  return {y, mean_C, inverse_std_C};
}

std::tuple<Tensor, Tensor, Tensor> norm_act_cpu(const Tensor& x, const std::optional<Tensor>& residual,
                                                const Tensor& weight_C, const Tensor& bias_C,
                                                const Tensor& running_mean, const Tensor& running_var, bool training,
                                                double momentum, double eps, bool relu) {
  const auto run = x.scalar_type() == at::kFloat ? forward<float> : forward<BFloat16Bits>;
  return run(x, residual.value_or(Tensor()), weight_C, bias_C, running_mean, running_var, training, momentum, eps,
             relu);
}

// Sums of every channel over all blocks, in their order, of row `which` of parts [B, 4, K].
Tensor joined_sums(const Tensor& parts_B4K, int64_t which, int64_t C) {
  const int64_t B = parts_B4K.size(0), K = parts_B4K.size(2);
  Tensor out_C = at::zeros({C}, parts_B4K.options());
  auto* out = out_C.mutable_data_ptr<float>();
  const auto* parts = data_of<float>(parts_B4K);
  for (int64_t b = 0; b < B; ++b) {
    for (int64_t k = 0; k < K; ++k) out[k % C] += parts[(b * 4 + which) * K + k];
  }
  return out_C;
}

// Of every column, [3, K].
Tensor input_gradients_of(const Blocks& blocks, const AffineRow& affine, const Tensor& inverse_std_C,
                          const Tensor& sum_g_C, const Tensor& sum_gx_C) {
  const int64_t C = blocks.channels, K = blocks.columns;
  const auto count = static_cast<float>(blocks.rows * (K / C));
  Tensor out_3K = floats({3, K});
  auto* out = out_3K.mutable_data_ptr<float>();
  const auto *inverse_std = data_of<float>(inverse_std_C), *sum_g = data_of<float>(sum_g_C),
             *sum_gx = data_of<float>(sum_gx_C);
  for (int64_t k = 0; k < K; ++k) {
    const int64_t c = k % C;
    const InputGradient of_c = input_gradient_of(affine.scale[k], inverse_std[c], sum_g[c], sum_gx[c], count);
    out[k] = of_c.own, out[K + k] = of_c.through_x, out[2 * K + k] = of_c.constant;
  }
  return out_3K;
}

template <class T>
std::tuple<Tensor, Tensor, Tensor, Tensor> backward(const Tensor& dy, const Tensor& x, const Tensor& y,
                                                    const Tensor& weight_C, const Tensor& bias_C, const Tensor& mean_C,
                                                    const Tensor& inverse_std_C, bool relu) {
  const Blocks blocks = blocks_of(x);
  const int64_t C = blocks.channels, K = blocks.columns;
  const Tensor affine_3K = affine_rows(blocks, mean_C, weight_C, bias_C, inverse_std_C);
  const AffineRow affine = affine_row(affine_3K);
  const Tensor masked = y.defined() ? at::empty_like(x) : Tensor();
  T* mask = y.defined() ? static_cast<T*>(masked.mutable_data_ptr()) : nullptr;
  RowBlock<T> whole{blocks.rows, K, data_of<T>(x), nullptr, data_of<T>(dy), data_of<T>(y)};
  const Tensor parts_B4K = floats({blocks.count, 4, K});  // sums of g and of g (x - mean), and scratch of the loop
  auto* parts = parts_B4K.mutable_data_ptr<float>();
  for_blocks(blocks, whole, [&](const RowBlock<T>& block, int64_t b) {
    float* part = parts + b * 4 * K;
    T* to = mask == nullptr ? nullptr : mask + (block.x - whole.x);
    norm_act_loops<T>().gradient_sums(block, affine, relu, to, part, part + K, part + 2 * K);
  });
  const Tensor sum_g_C = joined_sums(parts_B4K, 0, C), sum_gx_C = joined_sums(parts_B4K, 1, C);
  const Tensor gradient_3K = input_gradients_of(blocks, affine, inverse_std_C, sum_g_C, sum_gx_C);
  const auto* gradient = data_of<float>(gradient_3K);
  Tensor dx = at::empty_like(x);
  auto* out = static_cast<T*>(dx.mutable_data_ptr());
  whole.y = nullptr;
  if (mask != nullptr) whole.dy = mask;
  for_blocks(blocks, whole, [&](const RowBlock<T>& block, int64_t) {
    norm_act_loops<T>().input_gradients(block, affine, {gradient, gradient + K, gradient + 2 * K},
                                        relu && mask == nullptr, out + (block.x - whole.x));
  });
  return {dx, masked, sum_gx_C * inverse_std_C, sum_g_C};
}

std::tuple<Tensor, Tensor, Tensor, Tensor> norm_act_backward_cpu(const Tensor& dy, const Tensor& x,
                                                                 const std::optional<Tensor>& y, const Tensor& weight_C,
                                                                 const Tensor& bias_C, const Tensor& mean_C,
                                                                 const Tensor& inverse_std_C, bool relu) {
  const auto run = x.scalar_type() == at::kFloat ? backward<float> : backward<BFloat16Bits>;
  return run(dy, x, y.value_or(Tensor()), weight_C, bias_C, mean_C, inverse_std_C, relu);
}

}  // namespace

TORCH_LIBRARY_IMPL(sslbench, CPU, library) {
  library.impl("norm_act", norm_act_cpu);
  library.impl("norm_act_backward", norm_act_backward_cpu);
}

}  // namespace sslbench
