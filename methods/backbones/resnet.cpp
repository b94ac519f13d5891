// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/resnet.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

// LibTorch 2.11 writes past its memory on the CPU where gradients pass a convolution of fewer.
constexpr int64_t kFewestChannels = 8;
constexpr int64_t kExpansion = 4;  // output channels of a bottleneck over its inner ones

// 1x1 convolution and norm; children "0" and "1".
class Shortcut final : public Module {
 public:
  Shortcut(int64_t in, int64_t out, int64_t stride, ConvInit init, at::Generator& generator)
      : conv_({in, out, 1, stride, 0, false, init}, generator), norm_(out) {
    add_child("0", conv_);
    add_child("1", norm_);
  }
  Tensor operator()(const Tensor& x) const { return norm_(conv_(x)); }

 private:
  Conv2d conv_;
  BatchNorm norm_;
};

class ResidualBlock final : public Module {
 public:
  ResidualBlock(int64_t in, int64_t inner, int64_t stride, const ResNetShape& shape, at::Generator& generator) {
    const int64_t out = shape.bottleneck ? kExpansion * inner : inner;
    const auto add = [&](int64_t from, int64_t to, int64_t kernel, int64_t step, int64_t groups = 1) {
      convs_.push_back(std::make_unique<Conv2d>(
          ConvShape{from, to, kernel, step, kernel / 2, false, shape.init, groups}, generator));
      norms_.push_back(std::make_unique<BatchNorm>(to));
      add_child("conv" + std::to_string(convs_.size()), *convs_.back());
      add_child("bn" + std::to_string(norms_.size()), *norms_.back());
    };
    if (shape.bottleneck) {
      const int64_t grouped = inner * shape.width_per_group / 64 * shape.groups;
      add(in, grouped, 1, 1);
      add(grouped, grouped, 3, stride, shape.groups);
      add(grouped, out, 1, 1);
    } else {
      add(in, inner, 3, stride);
      add(inner, out, 3, 1);
    }
    if (stride == 1 && in == out) return;
    shortcut_ = std::make_unique<Shortcut>(in, out, stride, shape.init, generator);
    add_child(shape.shortcut, *shortcut_);
  }

  Tensor operator()(const Tensor& x) const {
    Tensor y = x;
    for (size_t i = 0; i + 1 < convs_.size(); ++i) y = norm_act(*norms_[i], (*convs_[i])(y));
    y = (*convs_.back())(y);
    return norm_act(*norms_.back(), y, shortcut_ ? (*shortcut_)(x) : x);
  }

 private:
  std::vector<std::unique_ptr<Conv2d>> convs_;
  std::vector<std::unique_ptr<BatchNorm>> norms_;
  std::unique_ptr<Shortcut> shortcut_;
};

class ResNet final : public Backbone {
 public:
  ResNet(const ResNetShape& shape, at::Generator& generator)
      : shape_(shape),
        conv1_({3, shape.width, shape.cifar_stem ? 3 : 7, shape.cifar_stem ? 1 : 2,
                shape.cifar_stem ? shape.cifar_padding : 3, false, shape.init},
               generator),
        bn1_(shape.width) {
    add_child("conv1", conv1_);
    add_child("bn1", bn1_);
    int64_t in = shape.width;
    for (size_t j = 0; j < stages_.size(); ++j) {
      const int64_t inner = shape.width << j;
      for (int64_t i = 0; i < shape.blocks[j]; ++i) {
        stages_[j].push_back(std::make_unique<ResidualBlock>(in, inner, i == 0 && j > 0 ? 2 : 1, shape, generator));
        add_child("layer" + std::to_string(j + 1) + "." + std::to_string(i), *stages_[j].back());
        in = shape.bottleneck ? kExpansion * inner : inner;
      }
    }
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    Tensor x = conv1_(x_NCHW);
    x = shape_.stem_relu ? norm_act(bn1_, x) : bn1_(x);
    if (!shape_.cifar_stem) x = at::max_pool2d(x, 3, 2, 1);
    std::vector<Tensor> maps;
    for (const auto& stage : stages_) {
      for (const auto& block : stage) x = recomputed(x, [&own = *block](const Tensor& in) { return own(in); });
      maps.push_back(x);
    }
    return maps;
  }

  std::vector<MapLevel> levels() const override {
    const int64_t stride = shape_.cifar_stem ? 1 : 4, channels = shape_.width * (shape_.bottleneck ? kExpansion : 1);
    return {{stride, channels}, {2 * stride, 2 * channels}, {4 * stride, 4 * channels}, {8 * stride, 8 * channels}};
  }

 private:
  ResNetShape shape_;
  Conv2d conv1_;
  BatchNorm bn1_;
  std::array<std::vector<std::unique_ptr<ResidualBlock>>, 4> stages_;
};

}  // namespace

std::unique_ptr<Backbone> make_resnet(const ResNetShape& shape, at::Generator& generator) {
  if (shape.width * shape.width_per_group < 64) {
    throw UserError("resnet: width = " + std::to_string(shape.width) + " leaves a group of " +
                    std::to_string(shape.width_per_group) + "/64 of its channels none; choose " +
                    std::to_string((63 + shape.width_per_group) / shape.width_per_group) + " or more");
  }
  return std::make_unique<ResNet>(shape, generator);
}

namespace {

std::vector<PublishedConstructor> resnet_constructors(const std::string& name) {
  const PublishedConstructor imagenet{.library = "torchvision",
                                      .model = name,
                                      .when = {{"stem", "imagenet"}},
                                      .headless = {"model.fc = torch.nn.Identity()"}};
  std::vector<PublishedConstructor> out = {imagenet};
  for (const auto& [stem, padding] : {std::pair{"cifar", "1"}, std::pair{"cifar_pad2", "2"}}) {
    PublishedConstructor small = imagenet;
    small.when["stem"] = stem;
    small.then = {std::string("model.conv1 = torch.nn.Conv2d(3, 64, 3, 1, ") + padding + ", bias=False)",
                  "model.maxpool = torch.nn.Identity()"};
    out.push_back(small);
  }
  return out;
}

}  // namespace

BackboneEntry torchvision_resnet(const std::string& name, std::string summary, const ResNetShape& shape) {
  const char* paper = shape.groups > 1             ? "arXiv:1611.05431"
                      : shape.width_per_group > 64 ? "arXiv:1605.07146"
                                                   : "arXiv:1512.03385";
  return {.name = name,
          .summary = std::move(summary),
          .paper = paper,
          .options = {integer_option("width", 64, kFewestChannels, 1024,
                                     "channels of the first stage (64 = the published net)"),
                      choice_option("stem", "imagenet", {"imagenet", "cifar", "cifar_pad2"},
                                    "imagenet: 7x7 stride 2 and max-pool; cifar: 3x3 stride 1, no pool; cifar_pad2: "
                                    "the same with padding 2, so that maps are 2 px larger (solo-learn)")},
          .tiny = {{"width", std::max<int64_t>(8, 64 / shape.width_per_group)}},
          .head = "fc",
          .published = resnet_constructors(name),
          .make = [shape](const Settings& settings, at::Generator& generator) {
            ResNetShape own = shape;
            own.width = settings.integer("width");
            own.cifar_stem = settings.text("stem") != "imagenet";
            own.cifar_padding = settings.text("stem") == "cifar_pad2" ? 2 : 1;
            return make_resnet(own, generator);
          }};
}

BackboneEntry lightly_resnet(std::string name, std::string summary, std::array<int64_t, 4> blocks) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .paper = "arXiv:1512.03385",
          .options = {real_option("width_factor", 1, 1.0 / 64, 16, "channels of the first stage over 64"),
                      flag_option("stem_relu", true,
                                  "ReLU after the first norm (false: what lightly's CIFAR-10 benchmark trains)")},
          .tiny = {{"width_factor", 0.125}},
          .head = "linear",
          .make = [blocks](const Settings& settings, at::Generator& generator) {
            return make_resnet({.blocks = blocks,
                                .width = static_cast<int64_t>(64 * settings.real("width_factor")),
                                .cifar_stem = true,
                                .stem_relu = settings.flag("stem_relu"),
                                .shortcut = "shortcut",
                                .init = ConvInit::torch_default},
                               generator);
          }};
}

}  // namespace sslbench
