// SPDX-License-Identifier: Apache-2.0
// Autoencoder: the last feature map holds enough to paint the image again.
// Hinton, Salakhutdinov: "Reducing the Dimensionality of Data with Neural Networks", Science 313, 2006.
//   loss = mean (decoder(encoder(x)) - x)^2
// The decoder mirrors the backbone's stride: one transposed convolution per factor of two, halving the channels.
#include "datasets/batches/aten.h"
#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/autocast.h"

namespace sslbench::autoencoder {

// Squared error, mean or sum over all elements; the target is never differentiated.
Tensor reconstruction_loss(const Tensor& reconstruction_NCHW, const Tensor& target_NCHW, bool sum) {
  return at::mse_loss(reconstruction_NCHW, target_NCHW.detach(), sum ? at::Reduction::Sum : at::Reduction::Mean);
}

namespace {

// channels -> channels/2 -> ... -> 3; never narrower than 8 before the last step.
class Decoder final : public Module {
 public:
  Decoder(int64_t channels, int64_t stride, at::Generator& generator) {
    for (; stride > 1; stride /= 2) {
      const int64_t next = stride == 2 ? 3 : std::max<int64_t>(8, channels / 2);
      steps_.push_back(std::make_unique<UpConv2d>(channels, next, generator));
      add_child("up" + std::to_string(steps_.size()), *steps_.back());
      channels = next;
    }
  }
  Tensor operator()(Tensor x) const {
    for (size_t i = 0; i < steps_.size(); ++i) {
      x = (*steps_[i])(x);
      if (i + 1 < steps_.size()) x = at::relu(x);
    }
    return x;
  }

 private:
  std::vector<std::unique_ptr<UpConv2d>> steps_;
};

class Autoencoder final : public Method {
 public:
  explicit Autoencoder(MethodRequest request)
      : Method(std::move(request.backbone)),
        decoder_(backbone().levels().back().channels, backbone().levels().back().stride, request.generator),
        sum_(request.settings.text("reduction") == "sum") {
    add_child("decoder", decoder_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Tensor& x = batch.views[0];
    const Tensor map = backbone().feature_maps(x).back();
    const Tensor painted = decoder_(map);
    const FullPrecision full;
    // The decoder may overshoot when the stride does not divide the size; the image is its upper left part.
    const Tensor y = painted.to(at::kFloat).narrow(2, 0, x.size(2)).narrow(3, 0, x.size(3));
    return {reconstruction_loss(y, x, sum_), {}, map.mean({2, 3}, false, at::kFloat)};
  }

 private:
  Decoder decoder_;
  bool sum_;
};

const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered =
    Registry<MethodEntry>::add({.name = "autoencoder",
                                .summary = "reconstruction: paints the image again from the last feature map (MSE)",
                                .paper = "doi:10.1126/science.1127647",
                                .views = 1,
                                .options = {choice_option("reduction", "mean", {"mean", "sum"},
                                                          "of the squared error, over all elements of the batch")},
                                .presets = kPresets,
                                .make = [](MethodRequest request) -> std::unique_ptr<Method> {
                                  return std::make_unique<Autoencoder>(std::move(request));
                                }});

}  // namespace
}  // namespace sslbench::autoencoder
