// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/regnet.h"

#include <algorithm>
#include <cmath>

#include "methods/backbones/convolutional/conv_norm.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

struct BlockSizes {
  int64_t in = 0, out = 0, stride = 1, group_width = 8, squeezed = 0;
};

ConvNormNames layer_names(bool timm) { return timm ? ConvNormNames{"conv", "bn"} : ConvNormNames{}; }

class RegNetBlock final : public Module {
 public:
  RegNetBlock(const BlockSizes& sizes, bool timm, at::Generator& generator)
      : a_({.in = sizes.in, .out = sizes.out, .activation = MapActivation::relu}, generator, layer_names(timm)),
        b_({.in = sizes.out,
            .out = sizes.out,
            .kernel = 3,
            .stride = sizes.stride,
            .groups = sizes.out / sizes.group_width,
            .activation = MapActivation::relu},
           generator, layer_names(timm)),
        se_({.channels = sizes.out, .squeezed = sizes.squeezed, .init = ConvInit::kaiming_fan_out}, generator),
        c_({.in = sizes.out, .out = sizes.out}, generator, layer_names(timm)) {
    if (sizes.in != sizes.out || sizes.stride != 1) {
      proj_ = std::make_unique<ConvNorm>(ConvNorm::Shape{.in = sizes.in, .out = sizes.out, .stride = sizes.stride},
                                         generator, layer_names(timm));
    }
    if (proj_ && !timm) add_child("proj", *proj_);
    add_child(timm ? "conv1" : "f.a", a_);
    add_child(timm ? "conv2" : "f.b", b_);
    add_child(timm ? "se" : "f.se", se_);
    add_child(timm ? "conv3" : "f.c", c_);
    if (proj_ && timm) add_child("downsample", *proj_);
  }
  Tensor operator()(const Tensor& x_NCHW) const {
    return c_(se_(b_(a_(x_NCHW)))).add_(proj_ ? (*proj_)(x_NCHW) : x_NCHW).relu_();
  }

 private:
  ConvNorm a_, b_;
  SqueezeExcitation se_;
  ConvNorm c_;
  std::unique_ptr<ConvNorm> proj_;
};

class RegNet final : public Backbone {
 public:
  RegNet(const RegNetShape& shape, at::Generator& generator)
      : shape_(shape),
        stem_({.in = 3, .out = shape.stem_width, .kernel = 3, .stride = 2, .activation = MapActivation::relu},
              generator, layer_names(shape.timm_names)) {
    add_child("stem", stem_);
    int64_t in = shape.stem_width;
    for (size_t j = 0; j < stages_.size(); ++j) {
      for (int64_t i = 0; i < shape.depths[j]; ++i) {
        const double squeezed = std::nearbyint(shape.se_ratio * static_cast<double>(in));  // half to even, as Python
        stages_[j].push_back(std::make_unique<RegNetBlock>(
            BlockSizes{in, shape.widths[j], i == 0 ? 2 : 1, shape.group_widths[j], static_cast<int64_t>(squeezed)},
            shape.timm_names, generator));
        add_child(block_name(j + 1, i), *stages_[j].back());
        in = shape.widths[j];
      }
    }
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    Tensor x = stem_(x_NCHW);
    std::vector<Tensor> maps;
    for (const auto& stage : stages_) {
      for (const auto& block : stage) x = recomputed(x, [&own = *block](const Tensor& in) { return own(in); });
      maps.push_back(x);
    }
    return maps;
  }
  std::vector<MapLevel> levels() const override {
    return {{4, shape_.widths[0]}, {8, shape_.widths[1]}, {16, shape_.widths[2]}, {32, shape_.widths[3]}};
  }

 private:
  std::string block_name(size_t stage, int64_t block) const {
    const std::string number = std::to_string(stage);
    if (shape_.timm_names) return "s" + number + ".b" + std::to_string(block + 1);
    return "trunk_output.block" + number + ".block" + number + "-" + std::to_string(block);
  }

  RegNetShape shape_;
  ConvNorm stem_;
  std::array<std::vector<std::unique_ptr<RegNetBlock>>, 4> stages_;
};

// torchvision: halves up, and never less than nine tenths; timm: halves to even.
int64_t rounded_to(int64_t width, int64_t group, bool timm) {
  if (timm) {
    return static_cast<int64_t>(std::nearbyint(static_cast<double>(width) / static_cast<double>(group))) * group;
  }
  const int64_t out = std::max(group, (width + group / 2) / group * group);
  return static_cast<double>(out) < 0.9 * static_cast<double>(width) ? out + group : out;
}

// Widths of the blocks, quantised.
std::vector<int64_t> block_widths(const RegNetRule& rule) {
  constexpr double kQuantum = 8;
  std::vector<int64_t> out;
  for (int64_t i = 0; i < rule.depth; ++i) {
    const auto first = static_cast<double>(rule.w_0);
    const double wanted = first + rule.w_a * static_cast<double>(i);
    const double steps = std::nearbyint(std::log(wanted / first) / std::log(rule.w_m));
    out.push_back(static_cast<int64_t>(std::nearbyint(first * std::pow(rule.w_m, steps) / kQuantum) * kQuantum));
  }
  return out;
}

}  // namespace

RegNetShape regnet_shape(const RegNetRule& rule, bool timm_names) {
  RegNetShape out;
  out.timm_names = timm_names;
  size_t stages = 0;
  int64_t last = 0;
  for (const int64_t width : block_widths(rule)) {
    if (width != last) ++stages;
    last = width;
    if (stages > out.widths.size()) break;
    out.widths[stages - 1] = width;
    ++out.depths[stages - 1];
  }
  if (stages != out.widths.size()) {
    throw UserError("regnet: depth, w_0, w_a and w_m make another number of stages than four; change them");
  }
  for (size_t j = 0; j < out.widths.size(); ++j) {
    out.group_widths[j] = std::min(rule.group_width, out.widths[j]);
    out.widths[j] = rounded_to(out.widths[j], out.group_widths[j], timm_names);
  }
  return out;
}

std::unique_ptr<Backbone> make_regnet(const RegNetShape& shape, at::Generator& generator) {
  return std::make_unique<RegNet>(shape, generator);
}

}  // namespace sslbench
