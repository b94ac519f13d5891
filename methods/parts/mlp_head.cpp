// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/mlp_head.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// A function, since plugins ask while statics are still being initialised.
const std::vector<std::string>& norm_names() {
  static const std::vector<std::string> kNames = {"none", "affine", "plain"};
  return kNames;
}

HeadNorm norm_of(const std::string& name) {
  return name == "none" ? HeadNorm::none : name == "affine" ? HeadNorm::affine : HeadNorm::plain;
}

}  // namespace

MlpHead::MlpHead(const HeadShape& shape, at::Generator& generator) : gelu_(shape.gelu) {
  const std::vector<int64_t>& widths = shape.widths;
  for (size_t i = 0; i + 1 < widths.size(); ++i) {
    const bool last = i + 2 == widths.size();
    const HeadNorm norm = last ? shape.last_norm : shape.hidden_norm;
    const bool bias = norm == HeadNorm::none && (!last || shape.last_bias);
    Step step;
    step.linear = std::make_unique<Linear>(widths[i], widths[i + 1], generator, bias);
    add_child("linear" + std::to_string(i + 1), *step.linear);
    if (norm != HeadNorm::none) {
      step.norm = std::make_unique<BatchNorm>(widths[i + 1], norm == HeadNorm::affine);
      add_child("norm" + std::to_string(i + 1), *step.norm);
    }
    steps_.push_back(std::move(step));
  }
}

Tensor MlpHead::operator()(const Tensor& x_ND) const {
  Tensor x = x_ND;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const bool last = i + 1 == steps_.size();
    x = (*step.linear)(x);
    if (step.norm && !last && !gelu_) {
      x = norm_act(*step.norm, x);
      continue;
    }
    if (step.norm) x = (*step.norm)(x);
    if (!last) x = gelu_ ? at::gelu(x) : at::relu(x);
  }
  return x;
}

std::vector<Option> head_options(const std::string& prefix, const HeadShape& authors) {
  const std::string head = prefix.empty() ? "projector" : "predictor";
  const auto layers = static_cast<int64_t>(authors.widths.size()) - 1;
  const int64_t hidden = layers > 1 ? authors.widths[1] : authors.widths.back();
  std::vector<Option> out = {
      integer_option(prefix + "layers", layers, 1, 16, "linear layers of the " + head),
      integer_option(prefix + "hidden", hidden, 1, 65536, "width of the " + head + "'s hidden layers"),
      choice_option(prefix + "hidden_norm", norm_names()[static_cast<size_t>(authors.hidden_norm)], norm_names(),
                    "batch norm after hidden layers (plain: no scale and shift)"),
      choice_option(prefix + "last_norm", norm_names()[static_cast<size_t>(authors.last_norm)], norm_names(),
                    "batch norm after the " + head + "'s last layer"),
      flag_option(prefix + "last_bias", authors.last_bias,
                  "bias in the " + head + "'s last layer when no norm follows"),
  };
  if (prefix.empty()) {
    out.push_back(integer_option("projection", authors.widths.back(), 1, 262144, "width D of the projection"));
  }
  return out;
}

HeadShape head_shape(const Settings& settings, const std::string& prefix, int64_t in, int64_t out) {
  HeadShape shape;
  shape.widths = {in};
  const int64_t hidden = settings.integer(prefix + "hidden");
  for (int64_t i = 1; i < settings.integer(prefix + "layers"); ++i) shape.widths.push_back(hidden);
  shape.widths.push_back(out > 0 ? out : settings.integer(prefix + "projection"));
  shape.hidden_norm = norm_of(settings.text(prefix + "hidden_norm"));
  shape.last_norm = norm_of(settings.text(prefix + "last_norm"));
  shape.last_bias = settings.flag(prefix + "last_bias");
  return shape;
}

}  // namespace sslbench
