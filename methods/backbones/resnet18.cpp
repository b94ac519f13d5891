// SPDX-License-Identifier: Apache-2.0
// ResNet-18. He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385.
// Parameter names, order and initialisation are torchvision's resnet18 without fc.
#include "datasets/batches/aten.h"
#include "methods/backbone.h"
#include "methods/layers.h"

namespace sslbench {
namespace {

ConvShape conv3x3(int64_t in, int64_t out, int64_t stride) {
  return {in, out, 3, stride, 1, false, ConvInit::kaiming_fan_out};
}

// 1x1 convolution and norm on the shortcut where the shape changes; children "0" and "1" as in torchvision.
class Downsample final : public Module {
 public:
  Downsample(int64_t in, int64_t out, int64_t stride, at::Generator& generator)
      : conv_({in, out, 1, stride, 0, false, ConvInit::kaiming_fan_out}, generator), norm_(out) {
    add_child("0", conv_);
    add_child("1", norm_);
  }
  Tensor operator()(const Tensor& x) const { return norm_(conv_(x)); }

 private:
  Conv2d conv_;
  BatchNorm norm_;
};

class BasicBlock final : public Module {
 public:
  BasicBlock(int64_t in, int64_t out, int64_t stride, at::Generator& generator)
      : conv1_(conv3x3(in, out, stride), generator), bn1_(out), conv2_(conv3x3(out, out, 1), generator), bn2_(out) {
    add_child("conv1", conv1_);
    add_child("bn1", bn1_);
    add_child("conv2", conv2_);
    add_child("bn2", bn2_);
    if (stride != 1 || in != out) {
      downsample_ = std::make_unique<Downsample>(in, out, stride, generator);
      add_child("downsample", *downsample_);
    }
  }
  Tensor operator()(const Tensor& x) const {
    const Tensor y = bn2_(conv2_(bn1_(conv1_(x)).relu_()));
    return (y + (downsample_ ? (*downsample_)(x) : x)).relu_();
  }

 private:
  Conv2d conv1_;
  BatchNorm bn1_;
  Conv2d conv2_;
  BatchNorm bn2_;
  std::unique_ptr<Downsample> downsample_;
};

class Layer final : public Module {
 public:
  Layer(int64_t in, int64_t out, int64_t stride, at::Generator& generator)
      : first_(in, out, stride, generator), second_(out, out, 1, generator) {
    add_child("0", first_);
    add_child("1", second_);
  }
  Tensor operator()(const Tensor& x) const { return second_(first_(x)); }

 private:
  BasicBlock first_, second_;
};

class ResNet18 final : public Backbone {
 public:
  ResNet18(int64_t width, bool cifar_stem, at::Generator& generator)
      : width_(width),
        cifar_stem_(cifar_stem),
        conv1_(cifar_stem ? conv3x3(3, width, 1) : ConvShape{3, width, 7, 2, 3, false, ConvInit::kaiming_fan_out},
               generator),
        bn1_(width),
        layer1_(width, width, 1, generator),
        layer2_(width, 2 * width, 2, generator),
        layer3_(2 * width, 4 * width, 2, generator),
        layer4_(4 * width, 8 * width, 2, generator) {
    add_child("conv1", conv1_);
    add_child("bn1", bn1_);
    add_child("layer1", layer1_);
    add_child("layer2", layer2_);
    add_child("layer3", layer3_);
    add_child("layer4", layer4_);
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    Tensor stem = bn1_(conv1_(x_NCHW)).relu_();
    if (!cifar_stem_) stem = at::max_pool2d(stem, 3, 2, 1);
    const Tensor c2 = layer1_(stem), c3 = layer2_(c2), c4 = layer3_(c3);
    return {c2, c3, c4, layer4_(c4)};
  }
  std::vector<MapLevel> levels() const override {
    const int64_t s = cifar_stem_ ? 1 : 4;
    return {{s, width_}, {2 * s, 2 * width_}, {4 * s, 4 * width_}, {8 * s, 8 * width_}};
  }

 private:
  int64_t width_;
  bool cifar_stem_;
  Conv2d conv1_;
  BatchNorm bn1_;
  Layer layer1_, layer2_, layer3_, layer4_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "resnet18",
     .summary = "ResNet-18 with torchvision's parameter names, for images from 32 px",
     .paper = "arXiv:1512.03385",
     .options = {integer_option("width", 64, 1, 1024, "channels of the first stage (64 = the published net)"),
                 choice_option("stem", "imagenet", {"imagenet", "cifar"},
                               "imagenet: 7x7 stride 2 and max-pool; cifar: 3x3 stride 1, no pool")},
     .make = [](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
       return std::make_unique<ResNet18>(settings.integer("width"), settings.text("stem") == "cifar", generator);
     }});

}  // namespace
}  // namespace sslbench
