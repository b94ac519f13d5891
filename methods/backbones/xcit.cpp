// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/xcit.h"

#include <ATen/ops/cos.h>
#include <ATen/ops/sin.h>

#include <cmath>
#include <numbers>

#include "methods/backbones/xcit_block.h"
#include "methods/initial_values.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"
#include "suites/tensors/to_device.h"

namespace sslbench {
namespace {

constexpr int64_t kWaves = 32, kClassBlocks = 2;  // waves of an axis
constexpr double kTokenStd = 0.02;

void check(const XcitShape& shape) {
  if (shape.dim % shape.heads != 0 || shape.dim % 8 != 0) {
    throw UserError("xcit: dim = " + std::to_string(shape.dim) +
                    " must be a multiple of 8 and of heads = " + std::to_string(shape.heads) + "; change one of them");
  }
  if (shape.patch_size == 8 || shape.patch_size == 16) return;
  throw UserError("xcit: patch_size is 8 or 16, got " + std::to_string(shape.patch_size));
}

// sin and cos in turn of 2 pi i / n over 10000^(2 (k div 2) / 32), i = 1..n: [n, 32], float32 as in the reference.
Tensor waves(int64_t n, at::Device device) {
  const auto options = at::TensorOptions(at::kFloat).device(device);
  const Tensor share_n = at::arange(1, n + 1, options) / (static_cast<double>(n) + 1e-6) * (2 * std::numbers::pi);
  std::vector<float> periods;
  for (int64_t k = 0; k < kWaves; k += 2) {
    periods.push_back(static_cast<float>(std::pow(10000.0, static_cast<double>(k) / static_cast<double>(kWaves))));
  }
  const Tensor angle = share_n.unsqueeze(1) / to_device(at::tensor(periods), device);
  return at::stack({at::sin(angle), at::cos(angle)}, 2).flatten(1);
}

}  // namespace

Xcit::Xcit(const XcitShape& shape, at::Generator& generator)
    : shape_((check(shape), shape)),
      cls_token_(normal_values({1, 1, shape.dim}, kTokenStd, generator)),
      patches_(std::make_unique<XcitPatches>(shape.dim, shape.patch_size, generator)),
      position_projection_({.in = 2 * kWaves, .out = shape.dim, .bias = true}, generator),
      norm_(shape.dim, kTransformerEps) {
  add_parameter("cls_token", cls_token_);
  add_child("patch_embed", *patches_);
  add_child("pos_embed.token_projection", position_projection_);
  for (int64_t i = 0; i < shape.depth; ++i) {
    blocks_.push_back(std::make_unique<XcitBlock>(shape, generator));
    add_child("blocks." + std::to_string(i), *blocks_.back());
  }
  for (int64_t i = 0; i < kClassBlocks; ++i) {
    class_blocks_.push_back(std::make_unique<XcitClassBlock>(shape, generator));
    add_child("cls_attn_blocks." + std::to_string(i), *class_blocks_.back());
  }
  add_child("norm", norm_);
  // Of one rate for every block, unlike elsewhere: the two blocks of which the last has the whole rate.
  drop_path_ = std::make_unique<DropPath>(shape.drop_path, 2, 3 * shape.depth);
  add_child("drop_path", *drop_path_);
}

Xcit::~Xcit() = default;

Tensor Xcit::positions(int64_t h, int64_t w) const {
  const at::Device device = cls_token_.device();
  const Tensor y_hw = waves(h, device).unsqueeze(1).expand({h, w, kWaves});
  const Tensor x_hw = waves(w, device).unsqueeze(0).expand({h, w, kWaves});
  const Tensor map = at::cat({y_hw, x_hw}, 2).permute({2, 0, 1}).unsqueeze(0).to(cls_token_.scalar_type());
  return position_projection_(map).flatten(2).transpose(1, 2);
}

Tensor Xcit::tokens(const Tensor& x_NCHW) const {
  const int64_t N = x_NCHW.size(0);
  const Tensor map_NDhw = (*patches_)(x_NCHW);
  const int64_t h = map_NDhw.size(2), w = map_NDhw.size(3);
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN = norm_.weight.requires_grad() ? drop_path_->draw(N, x_NCHW.device()) : Tensor();
  Tensor x = map_NDhw.flatten(2).transpose(1, 2) + positions(h, w);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const auto branch = 3 * static_cast<int64_t>(blocks_.size() + i);
    const Tensor keep = keep_BN.defined() ? keep_BN.narrow(0, branch, 3) : Tensor();
    x = recomputed(x, [&own = *blocks_[i], h, w, keep](const Tensor& in) { return own(in, h, w, keep); });
  }
  x = at::cat({cls_token_.expand({N, 1, shape_.dim}), x}, 1);
  for (const auto& block : class_blocks_) x = recomputed(x, [&own = *block](const Tensor& in) { return own(in); });
  return norm_(x);
}

std::vector<Tensor> Xcit::feature_maps(const Tensor& x_NCHW) const {
  const int64_t p = shape_.patch_size, h = (x_NCHW.size(2) + p - 1) / p, w = (x_NCHW.size(3) + p - 1) / p;
  return {tokens(x_NCHW).narrow(1, 1, h * w).unflatten(1, {h, w}).permute({0, 3, 1, 2})};
}

Tensor Xcit::features(const Tensor& x_NCHW) const {
  const Tensor class_ND = tokens(x_NCHW).select(1, 0);
  return class_ND.to(class_ND.element_size() < 4 ? at::kFloat : class_ND.scalar_type());
}

}  // namespace sslbench
