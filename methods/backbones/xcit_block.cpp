// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/xcit_block.h"

#include <ATen/ops/gelu.h>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr int64_t kMlpRatio = 4;
constexpr double kUnitEps = 1e-12;

ConvNorm::Shape halving(int64_t in, int64_t out) {
  return {.in = in, .out = out, .kernel = 3, .stride = 2, .init = ConvInit::torch_default};
}

ConvShape depthwise(int64_t dim) {
  return {.in = dim, .out = dim, .kernel = 3, .padding = 1, .bias = true, .groups = dim};
}

Tensor unit_length(const Tensor& x) {
  return x / at::linalg_vector_norm(x, 2, {-1}, /*keepdim=*/true).clamp_min(kUnitEps);
}

}  // namespace

XcitPatches::XcitPatches(int64_t dim, int64_t patch_size, at::Generator& generator) {
  int64_t in = 3;
  for (int64_t left = patch_size / 2; left >= 1; left /= 2) {
    convs_.push_back(std::make_unique<ConvNorm>(halving(in, dim / left), generator));
    add_child("proj." + std::to_string(2 * (convs_.size() - 1)), *convs_.back());
    in = dim / left;
  }
}

Tensor XcitPatches::operator()(const Tensor& x_NCHW) const {
  Tensor x = x_NCHW;
  for (size_t i = 0; i < convs_.size(); ++i) {
    x = (*convs_[i])(x);
    if (i + 1 < convs_.size()) x = at::gelu(x);
  }
  return x;
}

CrossCovarianceAttention::CrossCovarianceAttention(int64_t dim, int64_t heads, at::Generator& generator)
    : heads_(heads),
      temperature_(add_parameter("temperature", constant_values({heads, 1, 1}, 1))),
      qkv_(dim, 3 * dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      proj_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  add_child("qkv", qkv_);
  add_child("proj", proj_);
}

Tensor CrossCovarianceAttention::operator()(const Tensor& x_NLD) const {
  const int64_t N = x_NLD.size(0), L = x_NLD.size(1), D = x_NLD.size(2);
  const auto qkv = qkv_(x_NLD).view({N, L, 3, heads_, D / heads_}).permute({2, 0, 3, 4, 1}).unbind(0);
  const Tensor read_NhdL = at::scaled_dot_product_attention(unit_length(qkv[0]) * temperature_, unit_length(qkv[1]),
                                                            qkv[2], {}, 0, /*is_causal=*/false, /*scale=*/1.0);
  return proj_(read_NhdL.permute({0, 3, 1, 2}).reshape({N, L, D}));
}

LocalPatchInteraction::LocalPatchInteraction(int64_t dim, at::Generator& generator)
    : conv1_(depthwise(dim), generator), bn_(dim), conv2_(depthwise(dim), generator) {
  add_child("conv1", conv1_);
  add_child("bn", bn_);
  add_child("conv2", conv2_);
}

Tensor LocalPatchInteraction::operator()(const Tensor& x_NLD, int64_t h, int64_t w) const {
  const Tensor map_NDhw = x_NLD.unflatten(1, {h, w}).permute({0, 3, 1, 2});
  return conv2_(bn_(at::gelu(conv1_(map_NDhw)))).flatten(2).transpose(1, 2);
}

XcitBlock::XcitBlock(const XcitShape& shape, at::Generator& generator)
    : gamma1_(add_parameter("gamma1", constant_values({shape.dim}, shape.layer_scale))),
      gamma3_(add_parameter("gamma3", constant_values({shape.dim}, shape.layer_scale))),
      gamma2_(add_parameter("gamma2", constant_values({shape.dim}, shape.layer_scale))),
      norm1_(shape.dim, kTransformerEps),
      attn_(shape.dim, shape.heads, generator),
      norm3_(shape.dim, kTransformerEps),
      local_mp_(shape.dim, generator),
      norm2_(shape.dim, kTransformerEps),
      mlp_({.dim = shape.dim, .hidden = kMlpRatio * shape.dim}, generator) {
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  add_child("norm3", norm3_);
  add_child("local_mp", local_mp_);
  add_child("norm2", norm2_);
  add_child("mlp", mlp_);
}

Tensor XcitBlock::operator()(const Tensor& x_NLD, int64_t h, int64_t w, const Tensor& keep_3N) const {
  const auto branch = [&](const Tensor& y_NLD, int64_t i) {
    return keep_3N.defined() ? y_NLD * keep_3N[i].unsqueeze(-1).unsqueeze(-1) : y_NLD;
  };
  Tensor x = x_NLD + branch(gamma1_ * attn_(norm1_(x_NLD)), 0);
  x = x + branch(gamma3_ * local_mp_(norm3_(x), h, w), 1);
  return x + branch(gamma2_ * mlp_(norm2_(x)), 2);
}

XcitClassBlock::ClassAttention::ClassAttention(int64_t dim, int64_t heads, at::Generator& generator)
    : heads_(heads),
      q_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      k_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      v_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      proj_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  add_child("q", q_);
  add_child("k", k_);
  add_child("v", v_);
  add_child("proj", proj_);
}

Tensor XcitClassBlock::ClassAttention::operator()(const Tensor& x_NTD) const {
  const int64_t N = x_NTD.size(0), D = x_NTD.size(2);
  const auto heads = [&](const Tensor& each) { return each.view({N, -1, heads_, D / heads_}).transpose(1, 2); };
  const Tensor read_Nh1d =
      at::scaled_dot_product_attention(heads(q_(x_NTD.narrow(1, 0, 1))), heads(k_(x_NTD)), heads(v_(x_NTD)));
  return proj_(read_Nh1d.transpose(1, 2).reshape({N, 1, D}));
}

XcitClassBlock::XcitClassBlock(const XcitShape& shape, at::Generator& generator)
    : gamma1_(add_parameter("gamma1", constant_values({shape.dim}, shape.layer_scale))),
      gamma2_(add_parameter("gamma2", constant_values({shape.dim}, shape.layer_scale))),
      norm1_(shape.dim, kTransformerEps),
      attn_(shape.dim, shape.heads, generator),
      norm2_(shape.dim, kTransformerEps),
      mlp_({.dim = shape.dim, .hidden = kMlpRatio * shape.dim}, generator) {
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  add_child("norm2", norm2_);
  add_child("mlp", mlp_);
}

// What is added to the result is the normed sum, not the sum: so are the published weights trained (timm's note at
// Xcit, and the authors' code).
Tensor XcitClassBlock::operator()(const Tensor& x_NTD) const {
  const int64_t L = x_NTD.size(1) - 1;
  const Tensor z_NTD = norm1_(x_NTD);
  const Tensor y_NTD = norm2_(x_NTD + gamma1_ * at::cat({attn_(z_NTD), z_NTD.narrow(1, 1, L)}, 1));
  const Tensor class_N1D = y_NTD.narrow(1, 0, 1), patches_NLD = y_NTD.narrow(1, 1, L);
  return y_NTD + at::cat({gamma2_ * mlp_(class_N1D), patches_NLD}, 1);
}

}  // namespace sslbench
