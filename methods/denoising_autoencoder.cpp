// SPDX-License-Identifier: Apache-2.0
// Denoising autoencoder: paints the clean image from a damaged one.
// Vincent, Larochelle, Bengio, Manzagol: "Extracting and Composing Robust Features with Denoising Autoencoders", ICML
// 2008; noise kinds of Vincent et al., JMLR 11, 2010, sec. 3.3.
//   x~ ~ q(x~ | x),  loss = mean (decoder(encoder(x~)) - x)^2        (2008, Eq. 5 with squared error)
// Shapes: N images, C channels, H W; values are normalised, so 0 is the mean colour of the set.
#include "methods/denoising_autoencoder.h"

#include "methods/method.h"
#include "methods/parts/image_decoder.h"
#include "methods/patches/pixel_noise.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench::denoising_autoencoder {

enum class Noise { masking, gaussian, salt_and_pepper };

Tensor masked(const Tensor& x_NCHW, const Tensor& uniform_NCHW, double level) {
  return x_NCHW.masked_fill(uniform_NCHW < level, 0);
}

Tensor salted(const Tensor& x_NCHW, const Tensor& uniform_NCHW, double level) {
  const Tensor least = x_NCHW.amin({1, 2, 3}, true), largest = x_NCHW.amax({1, 2, 3}, true);
  return at::where(uniform_NCHW < level / 2, least, at::where(uniform_NCHW < level, largest, x_NCHW));
}

namespace {

class DenoisingAutoencoder final : public Method {
 public:
  explicit DenoisingAutoencoder(MethodRequest request)
      : Method(std::move(request.backbone)),
        decoder_(backbone().levels().back().channels, backbone().levels().back().stride, request.generator),
        sum_(request.settings.text("reduction") == "sum"),
        level_(request.settings.real("level")),
        sigma_(request.settings.real("sigma")),
        seed_(request.seed) {
    const std::string noise = request.settings.text("noise");
    noise_ = noise == "masking" ? Noise::masking : noise == "gaussian" ? Noise::gaussian : Noise::salt_and_pepper;
    add_child("decoder", decoder_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Tensor& x = batch.views[0];
    const Tensor map = backbone().feature_maps(damaged(x, batch)).back();
    const Tensor painted = decoder_(map, x.size(2), x.size(3));
    const FullPrecision full;
    return {reconstruction_loss(painted, x, sum_), {}, pooled(map)};
  }

  std::vector<Tensor> paint(const TrainBatch& batch) override {
    const Tensor seen = damaged(batch.views[0], batch);
    return {seen, decoder_(backbone().feature_maps(seen).back(), seen.size(2), seen.size(3))};
  }

 private:
  Tensor damaged(const Tensor& x_NCHW, const TrainBatch& batch) const {
    const NoiseKey key{seed_, batch.epoch, 0};
    if (noise_ == Noise::gaussian) return x_NCHW + sigma_ * normal_pixels(x_NCHW, batch.samples, key);
    const Tensor uniform = uniform_pixels(x_NCHW, batch.samples, key);
    return noise_ == Noise::masking ? masked(x_NCHW, uniform, level_) : salted(x_NCHW, uniform, level_);
  }

  ImageDecoder decoder_;
  bool sum_;
  double level_, sigma_;
  uint64_t seed_;
  Noise noise_;
};

// The autoencoder's, so that the rows differ by the noise alone.
const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "denoising_autoencoder",
     .summary = "reconstruction: paints the clean image from a damaged one (MSE)",
     .paper = "doi:10.1145/1390156.1390294",
     .views = 1,
     .options = {choice_option("noise", "masking", {"masking", "gaussian", "salt_and_pepper"},
                               "values set to 0 (the set's mean colour); normal noise added; values set to the image's "
                               "least or largest"),
                 real_option("level", 0.25, 0, 1, "share of values that masking or salt and pepper damage"),
                 real_option("sigma", 0.3, 0, 100, "of gaussian noise, in units of normalised pixels"),
                 choice_option("reduction", "mean", {"mean", "sum"},
                               "of the squared error, over all elements of the batch")},
     .pitfalls = {"The target is the clean image; learning the damaged one makes it a plain autoencoder.",
                  "Pixels are easy to fill in from their neighbours: weak noise teaches interpolation, not objects."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<DenoisingAutoencoder>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::denoising_autoencoder
