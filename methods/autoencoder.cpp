// SPDX-License-Identifier: Apache-2.0
// Autoencoder: the last feature map holds enough to paint the image again.
// Hinton, Salakhutdinov: "Reducing the Dimensionality of Data with Neural Networks", Science 313, 2006.
//   loss = mean (decoder(encoder(x)) - x)^2
// With noise: Vincent, Larochelle, Bengio, Manzagol: "Extracting and Composing Robust Features with Denoising
// Autoencoders", ICML 2008.
//   x~ ~ q(x~ | x),  loss = mean (decoder(encoder(x~)) - x)^2        (2008, Eq. 5 with squared error)
// With residual = true the decoder paints what was done to the image, and the image itself passes by (Zhang et al.,
// arXiv:1608.03981, Eq. 1): the features need not hold the pixels, so that they can tell what does not belong.
//   loss = mean (x~ + decoder(encoder(x~)) - x)^2
// The decoder mirrors the backbone's stride: one transposed convolution per factor of two, halving the channels.
#include "methods/autoencoder.h"

#include "methods/parts/image_decoder.h"
#include "methods/patches/image_damage.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench::autoencoder {
namespace {

class Autoencoder final : public Method {
 public:
  explicit Autoencoder(MethodRequest request)
      : Method(std::move(request.backbone)),
        decoder_(backbone().levels().back().channels, backbone().levels().back().stride, request.generator),
        damage_(request.settings, request.seed),
        sum_(request.settings.text("reduction") == "sum"),
        noisy_(request.settings.text("noise") != "none" || request.settings.real("drop_colour") > 0),
        residual_(request.settings.flag("residual")) {
    if (residual_ && !noisy_) {
      throw UserError("autoencoder: residual = true paints the damage, and noise = \"none\" does none; choose a noise");
    }
    add_child("decoder", decoder_);
  }

  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override { return damage_.draw(batch); }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Tensor seen = damage_(batch, drawn(batch)), map = backbone().feature_maps(seen).back();
    const Tensor painted = painting_of(map, seen);
    const FullPrecision full;
    return {reconstruction_loss(painted, batch.views[0], sum_), {}, pooled(map)};
  }

  std::vector<Tensor> paint(const TrainBatch& batch) override {
    const Tensor seen = damage_(batch, drawn(batch)), painted = painting_of(backbone().feature_maps(seen).back(), seen);
    return noisy_ ? std::vector<Tensor>{seen, painted} : std::vector<Tensor>{painted};
  }

 private:
  Tensor painting_of(const Tensor& map, const Tensor& seen) const {
    const Tensor painted = decoder_(map, seen.size(2), seen.size(3));
    return residual_ ? seen + painted : painted;
  }

  ImageDecoder decoder_;
  ImageDamage damage_;
  bool sum_, noisy_, residual_;
};

const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};

}  // namespace

std::unique_ptr<Method> make(MethodRequest request) { return std::make_unique<Autoencoder>(std::move(request)); }

std::vector<Option> options(const std::string& noise) {
  std::vector<Option> damage = damage_options(noise);
  if (noise == "none") {  // the autoencoder had no noise once
    for (Option& option : damage) option = later(option, option.fallback);
  }
  return joined(
      {damage,
       {choice_option("reduction", "mean", {"mean", "sum"}, "of the squared error, over all elements of the batch"),
        later(flag_option("residual", false,
                          "the decoder paints the damage alone, the image seen passes by (needs noise)"),
              false)}});
}

nlohmann::json presets() {
  return {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
          {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};
}

namespace {

const bool registered = Registry<MethodEntry>::add(
    {.name = "autoencoder",
     .summary = "reconstruction: paints the image again from the last feature map (MSE)",
     .paper = "doi:10.1126/science.1127647",
     .views = 1,
     .options = options("none"),
     .pitfalls =
         {"Colour and rough layout alone make the error small: a low loss says little about the features, which "
          "soon vary in a few directions only (effective_rank); noise = \"turns\" with residual = true asks for more.",
          "With a wide last map nothing has to be summarised; narrow the backbone or take "
          "denoising_autoencoder or mae.",
          "reduction = \"sum\" makes the step grow with the image and the batch."},
     .presets = presets(),
     .make = make});

}  // namespace
}  // namespace sslbench::autoencoder
