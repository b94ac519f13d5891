// SPDX-License-Identifier: Apache-2.0
// convnet: three 3x3 convolutions of stride 2 with ReLU, 3-16-32-64 channels; 64 x 7 x 7 from an image of 56 px.
// Small enough to train in seconds; no normalisation, so batch size does not matter.
#include "methods/backbone.h"
#include "methods/layers.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

class ConvNet final : public Backbone {
 public:
  ConvNet(int64_t width, at::Generator& generator)
      : width_(width),
        conv1_({3, width, 3, 2, 1, true}, generator),
        conv2_({width, 2 * width, 3, 2, 1, true}, generator),
        conv3_({2 * width, 4 * width, 3, 2, 1, true}, generator) {
    add_child("features.0", conv1_);
    add_child("features.2", conv2_);
    add_child("features.4", conv3_);
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    const Tensor c1 = at::relu(conv1_(x_NCHW));
    const Tensor c2 = at::relu(conv2_(c1));
    const Tensor c3 = at::relu(conv3_(c2));
    return {c1, c2, c3};
  }
  std::vector<MapLevel> levels() const override { return {{2, width_}, {4, 2 * width_}, {8, 4 * width_}}; }

 private:
  int64_t width_;
  Conv2d conv1_, conv2_, conv3_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "convnet",
     .summary = "three convolutions of stride 2 with ReLU; a toy by size, trains in seconds",
     .paper = "",
     .options = {integer_option("width", 16, 1, 1024, "channels of the first convolution; doubles at each")},
     .tiny = {{"width", 8}},
     .make = [](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
       return std::make_unique<ConvNet>(settings.integer("width"), generator);
     }});

}  // namespace
}  // namespace sslbench
