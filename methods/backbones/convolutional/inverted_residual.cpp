// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/inverted_residual.h"

#include <algorithm>

#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

double last_block_rate(double rate, size_t blocks) {
  return rate * (static_cast<double>(blocks) - 1) / static_cast<double>(blocks);
}

}  // namespace

class InvertedResidualNet::Block final : public Module {
 public:
  Block(const InvertedResidualShape& shape, const InvertedResidualNetShape& net, at::Generator& generator)
      : keeps_shape_(shape.stride == 1 && shape.in == shape.out) {
    const ConvNorm::Shape base{.activation = shape.activation, .eps = net.eps, .momentum = net.momentum};
    const auto conv = [&](int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t groups, MapActivation act) {
      ConvNorm::Shape own = base;
      own.in = in, own.out = out, own.kernel = kernel, own.stride = stride, own.groups = groups, own.activation = act;
      return own;
    };
    const bool expands = shape.expanded != shape.in;
    const auto named = [&](const char* first, const char* otherwise) {
      const char* conv_name = expands ? first : otherwise;
      ++norms_;
      return net.timm_names ? ConvNormNames{conv_name, "bn" + std::to_string(norms_)} : ConvNormNames{};
    };
    if (expands) {
      expand_ = std::make_unique<ConvNorm>(conv(shape.in, shape.expanded, 1, 1, 1, shape.activation), generator,
                                           named("conv_pw", ""));
      add(*expand_, net.timm_names);
    }
    depthwise_ = std::make_unique<ConvNorm>(
        conv(shape.expanded, shape.expanded, shape.kernel, shape.stride, shape.expanded, shape.activation), generator,
        named("conv_dw", "conv_dw"));
    add(*depthwise_, net.timm_names);
    if (shape.squeezed > 0) {
      squeeze_ = std::make_unique<SqueezeExcitation>(
          SqueezeShape{shape.expanded, shape.squeezed, net.squeeze_activation, net.hard_gate}, generator,
          net.timm_names ? SqueezeNames{"conv_reduce", "conv_expand"} : SqueezeNames{});
      add_child(net.timm_names ? "se" : next_name(), *squeeze_);
    }
    project_ = std::make_unique<ConvNorm>(conv(shape.expanded, shape.out, 1, 1, 1, MapActivation::none), generator,
                                          named("conv_pwl", "conv_pw"));
    add(*project_, net.timm_names);
  }
  // keep_N: s of every image; undefined: 1.
  Tensor operator()(const Tensor& x_NCHW, const Tensor& keep_N) const {
    Tensor y_NCHW = (*depthwise_)(expand_ ? (*expand_)(x_NCHW) : x_NCHW);
    if (squeeze_) y_NCHW = (*squeeze_)(y_NCHW);
    y_NCHW = (*project_)(y_NCHW);
    if (!keeps_shape_) return y_NCHW;
    return keep_N.defined() ? y_NCHW * keep_N.view({-1, 1, 1, 1}) + x_NCHW : y_NCHW + x_NCHW;
  }

 private:
  std::string next_name() { return "block." + std::to_string(children_++); }
  void add(Module& child, bool timm_names) { add_child(timm_names ? "" : next_name(), child); }

  bool keeps_shape_;
  int children_ = 0, norms_ = 0;
  std::unique_ptr<ConvNorm> expand_, depthwise_, project_;
  std::unique_ptr<SqueezeExcitation> squeeze_;
};

InvertedResidualNet::InvertedResidualNet(const InvertedResidualNetShape& shape, at::Generator& generator)
    : shape_(shape),
      stem_({.in = 3,
             .out = shape.blocks.front().in,
             .kernel = 3,
             .stride = 2,
             .activation = shape.activation,
             .eps = shape.eps,
             .momentum = shape.momentum},
            generator, shape.stem_layers),
      last_({.in = shape.blocks.back().out,
             .out = shape.last,
             .activation = shape.activation,
             .eps = shape.eps,
             .momentum = shape.momentum},
            generator, shape.last_layers),
      drop_path_(last_block_rate(shape.drop_path, shape.blocks.size()), static_cast<int64_t>(shape.blocks.size()),
                 /*branches_per_block=*/1) {
  add_child(shape.stem_name, stem_);
  for (const InvertedResidualShape& each : shape.blocks) {
    blocks_.push_back(std::make_unique<Block>(each, shape, generator));
    add_child(each.name, *blocks_.back());
  }
  add_child(shape.last_name, last_);
  add_child("drop_path", drop_path_);
}

InvertedResidualNet::~InvertedResidualNet() = default;

std::vector<Tensor> InvertedResidualNet::layers(const Tensor& x_NCHW) const {
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN = stem_.trains() ? drop_path_.draw(x_NCHW.size(0), x_NCHW.device()) : Tensor();
  std::vector<Tensor> out = {stem_(x_NCHW)};
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Tensor keep = keep_BN.defined() ? keep_BN[static_cast<int64_t>(i)] : Tensor();
    out.push_back(recomputed(out.back(), [&own = *blocks_[i], keep](const Tensor& in) { return own(in, keep); }));
  }
  out.push_back(last_(out.back()));
  return out;
}

std::vector<size_t> InvertedResidualNet::map_layers() const {
  std::vector<size_t> out;
  int64_t stride = 2;
  for (size_t i = 0; i < shape_.blocks.size(); ++i) {
    stride *= shape_.blocks[i].stride;
    const bool last_of_stride = i + 1 == shape_.blocks.size() || shape_.blocks[i + 1].stride > 1;
    if (stride >= 4 && last_of_stride) out.push_back(i + 1);
  }
  out.back() = shape_.blocks.size() + 1;
  return out;
}

std::vector<Tensor> InvertedResidualNet::feature_maps(const Tensor& x_NCHW) const {
  const std::vector<Tensor> all = layers(x_NCHW);
  std::vector<Tensor> out;
  for (const size_t i : map_layers()) out.push_back(all[i]);
  return out;
}

std::vector<MapLevel> InvertedResidualNet::levels() const {
  std::vector<MapLevel> out;
  int64_t stride = 4;
  for (const size_t i : map_layers()) {
    out.push_back({stride, i <= shape_.blocks.size() ? shape_.blocks[i - 1].out : shape_.last});
    stride *= 2;
  }
  return out;
}

int64_t divisible_by_8(double channels) {
  const int64_t nearest = std::max<int64_t>(8, static_cast<int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(nearest) < 0.9 * channels ? nearest + 8 : nearest;
}

}  // namespace sslbench
