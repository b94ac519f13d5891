// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/dino_head.h"

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

constexpr double kInitStd = 0.02;

HeadShape mlp_shape(const DinoHeadShape& shape) {
  HeadShape out{.widths = {shape.in}, .hidden_norm = shape.hidden_norm, .gelu = true};
  for (int64_t i = 1; i < shape.layers; ++i) out.widths.push_back(shape.hidden);
  out.widths.push_back(shape.bottleneck);
  return out;
}

}  // namespace

DinoHead::DinoHead(const DinoHeadShape& shape, at::Generator& generator) : mlp_(mlp_shape(shape), generator) {
  {
    const at::NoGradGuard no_grad;
    for (auto& [name, tensor] : mlp_.parameters()) {
      if (tensor.dim() == 2) tensor.normal_(0, kInitStd, generator);
      if (name.ends_with("bias")) tensor.zero_();
    }
  }
  add_child("mlp", mlp_);
  const double bound = 1 / std::sqrt(static_cast<double>(shape.bottleneck));
  weight_g_K1_ = add_parameter("last_layer.weight_g", at::ones({shape.out, 1}));
  weight_v_KD_ = add_parameter("last_layer.weight_v",
                               at::empty({shape.out, shape.bottleneck}, at::kFloat).uniform_(-bound, bound, generator));
  if (shape.norm_last_layer) weight_g_K1_.set_requires_grad(false);
}

Tensor DinoHead::operator()(const Tensor& x) const {
  const Tensor z = unit_rows(promoted(mlp_(x)));
  return at::linear(z, unit_rows(weight_v_KD_) * weight_g_K1_);
}

void DinoHead::drop_last_layer_gradient() {
  weight_v_KD_.mutable_grad() = Tensor();
  weight_g_K1_.mutable_grad() = Tensor();
}

std::vector<Option> dino_head_options(int64_t prototypes) {
  return {integer_option("layers", 3, 1, 16, "linear layers of the projection head before the last one"),
          integer_option("hidden", 2048, 1, 65536, "width of the head's hidden layers"),
          integer_option("bottleneck", 256, 1, 65536, "width before the last layer, brought to unit length"),
          integer_option("prototypes", prototypes, 2, 1 << 20, "outputs K of the head"),
          choice_option("hidden_norm", "auto", {"auto", "none", "affine"},
                        "batch norm in the head; auto: none on a Vision Transformer, else affine"),
          flag_option("norm_last_layer", true, "the last layer's rows keep length 1 (steadier), else it is learned"),
          integer_option("freeze_last_layer", 1, 0, 1e6, "epochs in which the head's last layer stays as it is")};
}

DinoHeadShape dino_head_shape(const Settings& settings, int64_t in, bool on_vit) {
  const std::string norm = settings.text("hidden_norm");
  return {.in = in,
          .layers = settings.integer("layers"),
          .hidden = settings.integer("hidden"),
          .bottleneck = settings.integer("bottleneck"),
          .out = settings.integer("prototypes"),
          .hidden_norm = norm == "affine" || (norm == "auto" && !on_vit) ? HeadNorm::affine : HeadNorm::none,
          .norm_last_layer = settings.flag("norm_last_layer")};
}

}  // namespace sslbench
