// SPDX-License-Identifier: Apache-2.0
// Formula tensors of the backbone goldens: weights, images and heads that need no file.
#pragma once

#include <cmath>
#include <vector>

#include "methods/module.h"
#include "suites/tensors/aten.h"

namespace sslbench {

// s(p, i) = sin(0.37 i + 1.3 p + 0.11 + (i i mod 1009)), float64.
inline double formula(double p, int64_t i) {
  return std::sin(0.37 * static_cast<double>(i) + 1.3 * p + 0.11 + static_cast<double>(i * i % 1009));
}

inline at::Tensor formula_tensor(at::IntArrayRef shape, double p, double scale, double offset) {
  at::Tensor out = at::empty(shape, at::kFloat);
  auto* values = out.mutable_data_ptr<float>();
  for (int64_t i = 0; i < out.numel(); ++i) values[i] = static_cast<float>(offset + scale * formula(p, i));
  return out;
}

// The tensor of parameter number p; which formula it follows depends on name and dimensions.
inline at::Tensor formula_parameter(const std::string& name, at::IntArrayRef shape, double p) {
  const auto is = [&](const std::string& last) { return name == last || name.ends_with("." + last); };
  const bool weight = is("weight"), matrix = weight && shape.size() >= 2;
  if (!matrix) {
    const bool norm_or_bias = weight || is("bias");  // not "q_bias"
    return formula_tensor(shape, p, norm_or_bias ? 0.1 : 0.5, weight ? 1 : 0);
  }
  const double fan_in = static_cast<double>(c10::multiply_integers(shape)) / static_cast<double>(shape[0]);
  return formula_tensor(shape, p, 1.5 / std::sqrt(fan_in), 0);
}

inline void set_formula_state(const Module& module) {
  const at::NoGradGuard no_grad;
  double p = 0;
  for (const auto& [name, tensor] : module.parameters()) tensor.copy_(formula_parameter(name, tensor.sizes(), p++));
  double b = 0;
  for (const auto& [name, tensor] : module.buffers()) {
    if (name.ends_with("running_mean")) tensor.copy_(formula_tensor(tensor.sizes(), 1000 + b, 0.1, 0));
    if (name.ends_with("running_var")) tensor.copy_(formula_tensor(tensor.sizes(), 1000 + b, 0.3, 1));
    if (name.ends_with("num_batches_tracked")) tensor.zero_();
    ++b;
  }
}

inline at::Tensor formula_image(int64_t N, int64_t H, int64_t W, double phase, double scale) {
  at::Tensor out = at::empty({N, 3, H, W}, at::kFloat);
  auto* values = out.mutable_data_ptr<float>();
  int64_t i = 0;
  for (int64_t n = 0; n < N; ++n) {
    for (int64_t c = 0; c < 3; ++c) {
      for (int64_t h = 0; h < H; ++h) {
        for (int64_t w = 0; w < W; ++w, ++i) {
          const auto dn = static_cast<double>(n), dc = static_cast<double>(c);
          const double value = std::sin(0.13 * static_cast<double>(h) + 0.29 * dn + 0.5 * dc + phase) +
                               std::cos(0.17 * static_cast<double>(w) - 0.41 * dn + 0.3 * dc) + 0.5 * formula(999, i);
          values[i] = static_cast<float>(static_cast<double>(static_cast<float>(value)) * scale);
        }
      }
    }
  }
  return out;
}

// Flat values 0, st, 2 st, ... with st = max(1, numel div k), at most k.
inline at::Tensor sampled(const at::Tensor& tensor, int64_t k) {
  const at::Tensor flat = tensor.detach().contiguous().flatten();
  const int64_t step = std::max<int64_t>(1, flat.numel() / k);
  return flat.slice(0, 0, std::min(flat.numel(), step * k), step);
}

}  // namespace sslbench
