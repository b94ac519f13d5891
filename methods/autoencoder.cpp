// SPDX-License-Identifier: Apache-2.0
// Autoencoder: the last feature map holds enough to paint the image again.
// Hinton, Salakhutdinov: "Reducing the Dimensionality of Data with Neural Networks", Science 313, 2006.
//   loss = mean (decoder(encoder(x)) - x)^2
// The decoder mirrors the backbone's stride: one transposed convolution per factor of two, halving the channels.
#include "methods/method.h"
#include "methods/parts/image_decoder.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

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
    const Tensor painted = decoder_(map, x.size(2), x.size(3));
    const FullPrecision full;
    return {reconstruction_loss(painted, x, sum_), {}, pooled(map)};
  }

  std::vector<Tensor> paint(const TrainBatch& batch) override {
    const Tensor& x = batch.views[0];
    return {decoder_(backbone().feature_maps(x).back(), x.size(2), x.size(3))};
  }

 private:
  ImageDecoder decoder_;
  bool sum_;
};

const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "autoencoder",
     .summary = "reconstruction: paints the image again from the last feature map (MSE)",
     .paper = "doi:10.1126/science.1127647",
     .views = 1,
     .options = {choice_option("reduction", "mean", {"mean", "sum"},
                               "of the squared error, over all elements of the batch")},
     .pitfalls = {"Colour and rough layout alone make the error small: a low loss says little about the features.",
                  "With a wide last map nothing has to be summarised; narrow the backbone or take "
                  "denoising_autoencoder or mae.",
                  "reduction = \"sum\" makes the step grow with the image and the batch."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Autoencoder>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench
