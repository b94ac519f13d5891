// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/vit.h"

#include <ATen/ops/constant_pad_nd.h>

#include "methods/initial_values.h"
#include "methods/patches/gather_patches.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

constexpr double kTokenStd = 1e-6, kPositionStd = 0.02;  // timm's initialisation

BlockShape block_shape(const VitShape& shape) {
  const auto hidden = static_cast<int64_t>(static_cast<double>(shape.dim) * shape.mlp_ratio);
  FeedForwardShape mlp{.dim = shape.dim, .hidden = hidden, .activation = shape.activation, .swiglu = shape.swiglu};
  if (shape.swiglu && shape.names == VitNames::dinov2) mlp.first = "w12", mlp.second = "w3";
  return {.heads = shape.heads, .mlp = mlp, .eps = shape.eps, .layer_scale = shape.layer_scale};
}

void check(const VitShape& shape) {
  const auto say = [](const std::string& what) { throw UserError("vit: " + what); };
  if (shape.dim % shape.heads != 0) {
    say("heads = " + std::to_string(shape.heads) + " does not divide dim = " + std::to_string(shape.dim) +
        "; change one of them");
  }
  if (shape.image_size % shape.patch_size != 0) {
    say("patch_size = " + std::to_string(shape.patch_size) +
        " does not divide image_size = " + std::to_string(shape.image_size) + "; change one of them");
  }
  const BlockShape block = block_shape(shape);
  if (shape.swiglu && block.mlp.hidden % 2 != 0) {
    say("SwiGLU halves the MLP's hidden width, and dim x mlp_ratio gives " + std::to_string(block.mlp.hidden) +
        "; change mlp_ratio");
  }
  if (shape.sincos_positions && shape.dim % 4 != 0) {
    say("positions = \"sincos\" needs a dim that 4 divides, got " + std::to_string(shape.dim));
  }
  if (!shape.class_token && !shape.mean_pooling && !shape.attention_pool) {
    say("pooling = \"cls\" needs the class token; set pooling = \"mean\" or class_token = true");
  }
}

}  // namespace

Vit::Vit(const VitShape& shape, at::Generator& generator)
    : shape_((check(shape), shape)),
      cls_token_(shape.class_token ? normal_values({1, 1, shape.dim}, kTokenStd, generator) : Tensor()),
      reg_token_(shape.registers > 0 ? normal_values({1, shape.registers, shape.dim}, kTokenStd, generator) : Tensor()),
      proj_({3, shape.dim, shape.patch_size, shape.patch_size, 0, /*bias=*/!shape.pre_norm}, generator),
      norm_(shape.dim, shape.eps),
      drop_path_(shape.drop_path, shape.depth, /*branches_per_block=*/2) {
  add_tokens(generator);
  add_child("patch_embed.proj", proj_);
  if (shape.pre_norm) {
    norm_pre_ = std::make_unique<LayerNorm>(shape.dim, shape.eps);
    add_child("norm_pre", *norm_pre_);
  }
  for (int64_t i = 0; i < shape.depth; ++i) {
    blocks_.push_back(std::make_unique<TransformerBlock>(block_shape(shape), generator));
    add_child("blocks." + std::to_string(i), *blocks_.back());
  }
  add_child("norm", norm_);
  if (shape.attention_pool) {
    attention_pool_ = std::make_unique<AttentionPool>(block_shape(shape), generator);
    add_child("attn_pool", *attention_pool_);
  }
  add_child("drop_path", drop_path_);
}

void Vit::add_tokens(at::Generator& generator) {
  const int64_t side = shape_.image_size / shape_.patch_size, D = shape_.dim;
  const bool theirs = shape_.names == VitNames::dinov2;
  if (cls_token_.defined()) add_parameter("cls_token", cls_token_);
  if (reg_token_.defined() && !theirs) add_parameter("reg_token", reg_token_);
  if (shape_.sincos_positions) {
    const Tensor patches_1LD = sincos_pos_embed(D, side, side, /*class_token=*/false).unsqueeze(0);
    pos_embed_ = add_parameter("pos_embed", at::cat({at::zeros({1, positioned(), D}), patches_1LD}, 1));
    pos_embed_.set_requires_grad(false);
  } else {
    pos_embed_ = add_parameter("pos_embed", normal_values({1, positioned() + side * side, D}, kPositionStd, generator));
  }
  if (!theirs) return;
  if (reg_token_.defined()) add_parameter("register_tokens", reg_token_);
  mask_token_ = add_parameter("mask_token", constant_values({1, D}, 0));
  mask_token_.set_requires_grad(false);
}

int64_t Vit::positioned() const {
  switch (shape_.prefix_positions) {
    case PrefixPositions::none: return 0;
    case PrefixPositions::class_token: return shape_.class_token ? 1 : 0;
    default: return prefix();
  }
}

Tensor Vit::patch_tokens(const Tensor& x_NCHW) const {
  const int64_t p = shape_.patch_size, H = x_NCHW.size(2), W = x_NCHW.size(3);
  const int64_t missing_h = grid(H) * p - H, missing_w = grid(W) * p - W;
  const bool whole = missing_h == 0 && missing_w == 0;
  const Tensor map_NDhw = proj_(whole ? x_NCHW : at::constant_pad_nd(x_NCHW, {0, missing_w, 0, missing_h}));
  // Free of copies when the map lies channels-last.
  return map_NDhw.flatten(2).transpose(1, 2).contiguous();
}

VitPositions Vit::positions(int64_t h, int64_t w) const {
  const int64_t side = shape_.image_size / shape_.patch_size, P = positioned();
  const Tensor whole_1TD =
      h == side && w == side ? pos_embed_ : pos_embed_resize(pos_embed_, P, side, side, h, w, shape_.resize);
  return {whole_1TD.narrow(1, 0, P), whole_1TD.narrow(1, P, h * w)};
}

Tensor Vit::embed(const Tensor& x_NCHW, const VitInput& input) const {
  const VitPositions positions = this->positions(grid(x_NCHW.size(2)), grid(x_NCHW.size(3)));
  Tensor patches_NLD = patch_tokens(x_NCHW);
  const int64_t N = patches_NLD.size(0), D = patches_NLD.size(2);
  if (input.mask_NL.defined()) {
    patches_NLD =
        at::where(input.mask_NL.to(at::kBool).unsqueeze(-1), input.mask_token_D.reshape({1, 1, D}), patches_NLD);
  }
  patches_NLD = patches_NLD + positions.patches_1LD;
  if (input.keep_NK.defined()) patches_NLD = gather_patches(patches_NLD, input.keep_NK, input.places_NL);
  if (prefix() > 0) patches_NLD = at::cat({prefix_tokens(positions).expand({N, prefix(), D}), patches_NLD}, 1);
  return norm_pre_ ? (*norm_pre_)(patches_NLD) : patches_NLD;
}

Tensor Vit::prefix_tokens(const VitPositions& positions) const {
  std::vector<Tensor> tokens_1PD;
  if (cls_token_.defined()) tokens_1PD.push_back(cls_token_);
  if (reg_token_.defined()) tokens_1PD.push_back(reg_token_);
  const Tensor all_1PD = tokens_1PD.size() == 1 ? tokens_1PD[0] : at::cat(tokens_1PD, 1);
  const int64_t with = positions.prefix_1PD.size(1);
  if (with == 0) return all_1PD;
  if (with == prefix()) return all_1PD + positions.prefix_1PD;
  return at::cat({all_1PD.narrow(1, 0, with) + positions.prefix_1PD, all_1PD.narrow(1, with, prefix() - with)}, 1);
}

Tensor Vit::run_blocks(const Tensor& x_NTD, std::vector<Tensor>* each_block) const {
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN = norm_.weight.requires_grad() ? drop_path_.draw(x_NTD.size(0), x_NTD.device()) : Tensor();
  Tensor x = x_NTD;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Tensor keep = keep_BN.defined() ? keep_BN.narrow(0, 2 * static_cast<int64_t>(i), 2) : Tensor();
    x = recomputed(x, [&own = *blocks_[i], keep](const Tensor& in) { return own(in, keep); });
    if (each_block != nullptr) each_block->push_back(x);
  }
  return x;
}

Tensor Vit::tokens(const Tensor& x_NCHW, const VitInput& input) const { return norm(run_blocks(embed(x_NCHW, input))); }

std::vector<Tensor> Vit::feature_maps(const Tensor& x_NCHW) const {
  const int64_t h = grid(x_NCHW.size(2)), w = grid(x_NCHW.size(3));
  const Tensor patches_NLD = tokens(x_NCHW).narrow(1, prefix(), h * w);
  return {patches_NLD.unflatten(1, {h, w}).permute({0, 3, 1, 2})};
}

LastBlocks Vit::last_blocks(const Tensor& x_NCHW, int64_t count) const {
  std::vector<Tensor> each_block;
  run_blocks(embed(x_NCHW), &each_block);
  return read_last_blocks(each_block, count, prefix(), norm_);
}

Tensor Vit::features(const Tensor& x_NCHW) const {
  const Tensor x_NTD = tokens(x_NCHW);
  const auto dtype = x_NTD.element_size() < 4 ? at::kFloat : x_NTD.scalar_type();
  if (shape_.attention_pool) return attention_pool(x_NTD).to(dtype);
  if (!shape_.mean_pooling) return x_NTD.select(1, 0).to(dtype);
  return x_NTD.narrow(1, prefix(), x_NTD.size(1) - prefix()).mean({1}, false, dtype);
}

}  // namespace sslbench
