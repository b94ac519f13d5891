// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/dinov3_block.h"

#include <ATen/ops/silu.h>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr double kEps = 1e-5, kWeightStd = 0.02;
constexpr int64_t kAlign = 8;  // of SwiGLU's hidden width

int64_t hidden_width(const Dinov3Shape& shape) {
  const auto hidden = static_cast<int64_t>(static_cast<double>(shape.dim) * shape.mlp_ratio);
  return shape.swiglu ? (hidden + kAlign - 1) / kAlign * kAlign : hidden;
}

}  // namespace

Dinov3Attention::Projection::Projection(int64_t dim, bool masked_bias, at::Generator& generator) {
  weight = add_parameter("weight", normal_values({3 * dim, dim}, kWeightStd, generator));
  if (!masked_bias) return;
  bias = add_parameter("bias", constant_values({3 * dim}, 0));
  const Tensor ones = constant_values({dim}, 1);
  bias_mask = add_buffer("bias_mask", at::cat({ones, constant_values({dim}, 0), ones}));
}

Dinov3Attention::Dinov3Attention(const Dinov3Shape& shape, at::Generator& generator)
    : heads_(shape.heads),
      qkv_(shape.dim, shape.names == Dinov3Names::authors, generator),
      proj_(shape.dim, shape.dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  if (shape.qkv_bias && shape.names == Dinov3Names::timm) {
    q_bias_ = add_parameter("q_bias", constant_values({shape.dim}, 0));
    v_bias_ = add_parameter("v_bias", constant_values({shape.dim}, 0));
    k_bias_ = add_constant("k_bias", constant_values({shape.dim}, 0));
  }
  add_child("qkv", qkv_);
  add_child("proj", proj_);
}

Tensor Dinov3Attention::bias() const {
  if (qkv_.bias.defined()) return qkv_.bias * qkv_.bias_mask;
  return q_bias_.defined() ? at::cat({q_bias_, k_bias_, v_bias_}) : Tensor();
}

Tensor Dinov3Attention::operator()(const Tensor& x_NTD, const Rope& rope) const {
  const int64_t N = x_NTD.size(0), T = x_NTD.size(1), D = x_NTD.size(2);
  const auto qkv =
      at::linear(x_NTD, qkv_.weight, bias()).view({N, T, 3, heads_, D / heads_}).permute({2, 0, 3, 1, 4}).unbind(0);
  const Tensor read_NHTd = at::scaled_dot_product_attention(rotated(qkv[0], rope), rotated(qkv[1], rope), qkv[2]);
  return proj_(read_NHTd.transpose(1, 2).reshape({N, T, D}));
}

SwiGlu::SwiGlu(int64_t dim, int64_t hidden, Dinov3Names names, at::Generator& generator)
    : gate_(dim, hidden, generator, /*bias=*/true, LinearInit::narrow_normal),
      value_(dim, hidden, generator, /*bias=*/true, LinearInit::narrow_normal),
      out_(hidden, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  const bool timm = names == Dinov3Names::timm;
  add_child(timm ? "fc1_g" : "w1", gate_);
  add_child(timm ? "fc1_x" : "w2", value_);
  add_child(timm ? "fc2" : "w3", out_);
}

Tensor SwiGlu::operator()(const Tensor& x_NTD) const { return out_(at::silu(gate_(x_NTD)) * value_(x_NTD)); }

Dinov3Block::Dinov3Block(const Dinov3Shape& shape, at::Generator& generator)
    : norm1_(shape.dim, kEps), attn_(shape, generator), norm2_(shape.dim, kEps) {
  const bool timm = shape.names == Dinov3Names::timm;
  if (timm) {
    gamma_1_ = add_parameter("gamma_1", constant_values({shape.dim}, shape.layer_scale));
    gamma_2_ = add_parameter("gamma_2", constant_values({shape.dim}, shape.layer_scale));
  } else {
    ls1_ = std::make_unique<LayerScale>(shape.dim, shape.layer_scale);
    ls2_ = std::make_unique<LayerScale>(shape.dim, shape.layer_scale);
  }
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  if (!timm) add_child("ls1", *ls1_);
  add_child("norm2", norm2_);
  const int64_t hidden = hidden_width(shape);
  if (shape.swiglu) {
    swiglu_ = std::make_unique<SwiGlu>(shape.dim, hidden, shape.names, generator);
    add_child("mlp", *swiglu_);
  } else {
    mlp_ = std::make_unique<FeedForward>(FeedForwardShape{.dim = shape.dim, .hidden = hidden}, generator);
    add_child("mlp", *mlp_);
  }
  if (!timm) add_child("ls2", *ls2_);
}

Tensor Dinov3Block::operator()(const Tensor& x_NTD, const Rope& rope, const Tensor& keep_2N) const {
  const auto branch = [&](const Tensor& y_NTD, const Tensor& gamma, const std::unique_ptr<LayerScale>& ls, int64_t i) {
    const Tensor scaled_NTD = ls ? (*ls)(y_NTD) : y_NTD * gamma;
    return keep_2N.defined() ? scaled_NTD * keep_2N[i].unsqueeze(-1).unsqueeze(-1) : scaled_NTD;
  };
  const Tensor y_NTD = x_NTD + branch(attn_(norm1_(x_NTD), rope), gamma_1_, ls1_, 0);
  const Tensor z_NTD = norm2_(y_NTD);
  return y_NTD + branch(swiglu_ ? (*swiglu_)(z_NTD) : (*mlp_)(z_NTD), gamma_2_, ls2_, 1);
}

}  // namespace sslbench
