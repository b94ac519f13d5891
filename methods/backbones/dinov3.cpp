// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/dinov3.h"

#include <ATen/ops/constant_pad_nd.h>

#include "methods/backbones/dinov3_block.h"
#include "methods/initial_values.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

constexpr double kEps = 1e-5, kTokenStd = 0.02;

void check(const Dinov3Shape& shape) {
  if (shape.dim % shape.heads == 0 && shape.dim / shape.heads % 4 == 0) return;
  throw UserError("dinov3: heads = " + std::to_string(shape.heads) + " of dim = " + std::to_string(shape.dim) +
                  ": a head must have a width that 4 divides, for rotary positions; change one of them");
}

// Holds rope.periods of timm, or rope_embed.periods of the authors, where they are part of the files.
class RopePeriodsOf final : public Module {
 public:
  RopePeriodsOf(const Tensor& periods, bool saved) {
    saved ? add_buffer("periods", periods) : add_constant("periods", periods);
  }
};

}  // namespace

Dinov3::Dinov3(const Dinov3Shape& shape, at::Generator& generator)
    : shape_((check(shape), shape)),
      cls_token_(normal_values({1, 1, shape.dim}, kTokenStd, generator)),
      reg_token_(shape.registers > 0 ? normal_values({1, shape.registers, shape.dim}, kTokenStd, generator) : Tensor()),
      proj_({3, shape.dim, shape.patch_size, shape.patch_size, 0, /*bias=*/true}, generator),
      norm_(shape.dim, kEps),
      drop_path_(shape.drop_path, shape.depth, /*branches_per_block=*/2) {
  const bool timm = shape.names == Dinov3Names::timm;
  add_parameter("cls_token", cls_token_);
  if (reg_token_.defined()) add_parameter(timm ? "reg_token" : "storage_tokens", reg_token_);
  if (!timm) {
    mask_token_ = add_parameter("mask_token", constant_values({1, shape.dim}, 0));
    mask_token_.set_requires_grad(false);  // of the authors' files; no method here masks this network
  }
  add_child("patch_embed.proj", proj_);
  periods_ = rope_periods(shape.dim / shape.heads, {.base = shape.rope_base});
  if (!timm) periods_ = periods_.to(at::kFloat);  // as their files hold it
  rope_ = std::make_unique<RopePeriodsOf>(periods_, !timm);
  add_child(timm ? "rope" : "rope_embed", *rope_);
  for (int64_t i = 0; i < shape.depth; ++i) {
    blocks_.push_back(std::make_unique<Dinov3Block>(shape, generator));
    add_child("blocks." + std::to_string(i), *blocks_.back());
  }
  add_child("norm", norm_);
  add_child("drop_path", drop_path_);
}

Dinov3::~Dinov3() = default;

Tensor Dinov3::tokens(const Tensor& x_NCHW, std::vector<Tensor>* each_block) const {
  const int64_t p = shape_.patch_size, N = x_NCHW.size(0), h = grid(x_NCHW.size(2)), w = grid(x_NCHW.size(3));
  const int64_t missing_h = h * p - x_NCHW.size(2), missing_w = w * p - x_NCHW.size(3);
  const bool whole = missing_h == 0 && missing_w == 0;
  const Tensor map_NDhw = proj_(whole ? x_NCHW : at::constant_pad_nd(x_NCHW, {0, missing_w, 0, missing_h}));
  std::vector<Tensor> parts = {cls_token_.expand({N, -1, -1})};
  if (reg_token_.defined()) parts.push_back(reg_token_.expand({N, -1, -1}));
  parts.push_back(map_NDhw.flatten(2).transpose(1, 2));
  Tensor x = at::cat(parts, 1);
  Rope rope = with_prefix(rope_2d(periods_, h, w), prefix());
  const auto type = x.element_size() < 4 ? at::kFloat : x.scalar_type();
  rope = {rope.cos.to(type), rope.sin.to(type)};
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN = norm_.weight.requires_grad() ? drop_path_.draw(N, x.device()) : Tensor();
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Tensor keep = keep_BN.defined() ? keep_BN.narrow(0, 2 * static_cast<int64_t>(i), 2) : Tensor();
    x = recomputed(x, [&own = *blocks_[i], rope, keep](const Tensor& in) { return own(in, rope, keep); });
    if (each_block != nullptr) each_block->push_back(x);
  }
  return norm_(x);
}

std::vector<Tensor> Dinov3::feature_maps(const Tensor& x_NCHW) const {
  const int64_t h = grid(x_NCHW.size(2)), w = grid(x_NCHW.size(3));
  const Tensor patches_NLD = tokens(x_NCHW).narrow(1, prefix(), h * w);
  return {patches_NLD.unflatten(1, {h, w}).permute({0, 3, 1, 2})};
}

LastBlocks Dinov3::last_blocks(const Tensor& x_NCHW, int64_t count) const {
  std::vector<Tensor> each_block;
  tokens(x_NCHW, &each_block);
  return read_last_blocks(each_block, count, prefix(), norm_);
}

Tensor Dinov3::features(const Tensor& x_NCHW) const {
  const Tensor x_NTD = tokens(x_NCHW);
  const auto type = x_NTD.element_size() < 4 ? at::kFloat : x_NTD.scalar_type();
  if (!shape_.mean_pooling) return x_NTD.select(1, 0).to(type);
  return x_NTD.narrow(1, prefix(), x_NTD.size(1) - prefix()).mean({1}, false, type);
}

}  // namespace sslbench
