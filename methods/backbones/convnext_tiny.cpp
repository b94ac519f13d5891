// SPDX-License-Identifier: Apache-2.0
// ConvNeXt-T. Liu et al.: "A ConvNet for the 2020s", CVPR 2022, arXiv:2201.03545.
//   block(x) = x + s layer_scale (W2 gelu(W1 norm(dwconv7x7(x)) + b1) + b2),  s: stochastic depth
// Parameter names, order and initialisation of torchvision's convnext_tiny without its last layer, classifier.2; the
// norm before that layer, classifier.0, is part of features().
// Shapes: N images, C channels.
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/gelu.h>

#include "methods/backbone.h"
#include "methods/drop_path.h"
#include "methods/layers.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr double kEps = 1e-6, kLayerScale = 1e-6;
constexpr std::array<int64_t, 4> kBlocks = {3, 3, 9, 3};

// Layer norm over the channels of a map; no copies when it lies channels-last.
Tensor norm_channels(const LayerNorm& norm, const Tensor& x_NCHW) {
  return norm(x_NCHW.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
}

class Block final : public Module {
 public:
  Block(int64_t C, at::Generator& generator)
      : depthwise_(
            {.in = C, .out = C, .kernel = 7, .padding = 3, .bias = true, .init = ConvInit::narrow_normal, .groups = C},
            generator),
        norm_(C, kEps),
        widen_(C, 4 * C, generator, /*bias=*/true, LinearInit::narrow_normal),
        narrow_(4 * C, C, generator, /*bias=*/true, LinearInit::narrow_normal) {
    layer_scale_ = add_parameter("layer_scale", at::full({C, 1, 1}, kLayerScale, at::kFloat));
    add_child("block.0", depthwise_);
    add_child("block.2", norm_);
    add_child("block.3", widen_);
    add_child("block.5", narrow_);
  }
  // keep_N: s of every image; undefined: 1.
  Tensor operator()(const Tensor& x_NCHW, const Tensor& keep_N) const {
    const Tensor y_NHWC = narrow_(at::gelu(widen_(norm_(depthwise_(x_NCHW).permute({0, 2, 3, 1})))));
    Tensor y_NCHW = y_NHWC.permute({0, 3, 1, 2}) * layer_scale_;
    if (keep_N.defined()) y_NCHW = y_NCHW * keep_N.view({-1, 1, 1, 1});
    return y_NCHW.add_(x_NCHW);  // neither factor of the product before it is y, so no gradient needs its old value
  }

 private:
  Tensor layer_scale_;
  Conv2d depthwise_;
  LayerNorm norm_;
  Linear widen_, narrow_;
};

class ConvNeXt final : public Backbone {
 public:
  ConvNeXt(int64_t width, double drop_path, at::Generator& generator)
      : width_(width),
        stem_(patches(3, width, 4), generator),
        stem_norm_(width, kEps),
        last_norm_(8 * width, kEps),
        drop_path_(drop_path, kBlocks[0] + kBlocks[1] + kBlocks[2] + kBlocks[3], /*branches_per_block=*/1) {
    add_child("features.0.0", stem_);
    add_child("features.0.1", stem_norm_);
    for (size_t j = 0; j < kBlocks.size(); ++j) {
      if (j > 0) add_downsampling(j, generator);
      for (int64_t i = 0; i < kBlocks[j]; ++i) {
        stages_[j].push_back(std::make_unique<Block>(width << j, generator));
        add_child("features." + std::to_string(2 * j + 1) + "." + std::to_string(i), *stages_[j].back());
      }
    }
    add_child("classifier.0", last_norm_);
    add_child("drop_path", drop_path_);
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    // A frozen network (a momentum teacher) leaves nothing out.
    const Tensor keep_BN =
        stem_norm_.weight.requires_grad() ? drop_path_.draw(x_NCHW.size(0), x_NCHW.device()) : Tensor();
    Tensor x = norm_channels(stem_norm_, stem_(padded(x_NCHW, 4)));
    std::vector<Tensor> maps;
    int64_t block = 0;
    for (size_t j = 0; j < stages_.size(); ++j) {
      if (j > 0) x = (*downs_[j - 1])(padded(norm_channels(*norms_[j - 1], x), 2));
      for (const auto& step : stages_[j]) {
        x = (*step)(x, keep_BN.defined() ? keep_BN[block] : Tensor());
        ++block;
      }
      maps.push_back(x);
    }
    return maps;
  }
  std::vector<MapLevel> levels() const override {
    return {{4, width_}, {8, 2 * width_}, {16, 4 * width_}, {32, 8 * width_}};
  }
  Tensor features(const Tensor& x_NCHW) const override { return last_norm_(pooled(feature_maps(x_NCHW).back())); }

 private:
  // Convolution whose windows touch but do not overlap.
  static ConvShape patches(int64_t in, int64_t out, int64_t side) {
    return {in, out, side, side, 0, /*bias=*/true, ConvInit::narrow_normal};
  }
  // Zeros at the right and at the bottom, so that no pixel is lost where `side` does not divide the size.
  static Tensor padded(const Tensor& x_NCHW, int64_t side) {
    const int64_t h = -x_NCHW.size(2) & (side - 1), w = -x_NCHW.size(3) & (side - 1);
    return h == 0 && w == 0 ? x_NCHW : at::constant_pad_nd(x_NCHW, {0, w, 0, h});
  }
  void add_downsampling(size_t j, at::Generator& generator) {
    norms_.push_back(std::make_unique<LayerNorm>(width_ << (j - 1), kEps));
    downs_.push_back(std::make_unique<Conv2d>(patches(width_ << (j - 1), width_ << j, 2), generator));
    add_child("features." + std::to_string(2 * j) + ".0", *norms_.back());
    add_child("features." + std::to_string(2 * j) + ".1", *downs_.back());
  }

  int64_t width_;
  Conv2d stem_;
  LayerNorm stem_norm_;
  std::vector<std::unique_ptr<LayerNorm>> norms_;
  std::vector<std::unique_ptr<Conv2d>> downs_;
  std::array<std::vector<std::unique_ptr<Block>>, 4> stages_;
  LayerNorm last_norm_;
  DropPath drop_path_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "convnext_tiny",
     .summary = "ConvNeXt-T with torchvision's parameter names, for images from 32 px",
     .paper = "arXiv:2201.03545",
     .options = {integer_option("width", 96, 1, 1024, "channels of the first stage (96 = the published net)"),
                 real_option("drop_path", 0, 0, 0.99,
                             "share of images that skip the last block in training (0.1 in its supervised recipe); "
                             "linear from 0 in the first block")},
     .tiny = {{"width", 8}},
     .head = "classifier.2",
     .make = [](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
       return std::make_unique<ConvNeXt>(settings.integer("width"), settings.real("drop_path"), generator);
     }});

}  // namespace
}  // namespace sslbench
