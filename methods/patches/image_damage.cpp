// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/image_damage.h"

#include <map>

#include "methods/patches/pixel_noise.h"
#include "methods/patches/region_edit.h"
#include "suites/tensors/aten.h"

namespace sslbench {

using at::Tensor;

namespace {

// Keys of the random numbers, beside the sample's: one for each use in a step.
constexpr uint32_t kNoise = 0, kColour = 1;

}  // namespace

Tensor masked(const Tensor& x_NCHW, const Tensor& uniform_NCHW, double level) {
  return x_NCHW.masked_fill(uniform_NCHW < level, 0);
}

Tensor salted(const Tensor& x_NCHW, const Tensor& uniform_NCHW, double level) {
  const Tensor least = x_NCHW.amin({1, 2, 3}, true), largest = x_NCHW.amax({1, 2, 3}, true);
  return at::where(uniform_NCHW < level / 2, least, at::where(uniform_NCHW < level, largest, x_NCHW));
}

Tensor with_holes(const Tensor& x_NCHW, const Tensor& uniform_N1hw, int64_t side, double level) {
  const Tensor hidden = (uniform_N1hw < level).repeat_interleave(side, 2).repeat_interleave(side, 3);
  return x_NCHW.masked_fill(hidden.narrow(2, 0, x_NCHW.size(2)).narrow(3, 0, x_NCHW.size(3)), 0);
}

ImageDamage::ImageDamage(const Settings& settings, uint64_t seed)
    : level_(settings.real("level")),
      sigma_(settings.real("sigma")),
      gray_(settings.real("drop_colour")),
      side_(settings.integer("hole")),
      seed_(seed) {
  static const std::map<std::string, Noise> kinds = {
      {"none", Noise::none},         {"masking", Noise::masking},
      {"gaussian", Noise::gaussian}, {"salt_and_pepper", Noise::salt_and_pepper},
      {"holes", Noise::holes},       {"turns", Noise::turns}};
  noise_ = kinds.at(settings.text("noise"));
}

std::vector<Tensor> ImageDamage::draw(const TrainBatch& batch) const {
  const Tensor& x_NCHW = batch.views[0];
  const NoiseKey key{seed_, batch.epoch, kNoise};
  const int64_t N = x_NCHW.size(0), H = x_NCHW.size(2), W = x_NCHW.size(3);
  std::vector<Tensor> out;
  switch (noise_) {
    case Noise::none: break;
    case Noise::masking:
    case Noise::salt_and_pepper: out.push_back(uniform_pixels(x_NCHW.sizes(), batch.samples, key)); break;
    case Noise::gaussian: out.push_back(normal_pixels(x_NCHW.sizes(), batch.samples, key)); break;
    case Noise::turns:
      out.push_back(
          edit_regions(x_NCHW, batch.samples, batch.epoch, seed_, {RegionEdits::turns, /*blended=*/true}).images);
      break;
    case Noise::holes:
      out.push_back(uniform_pixels({N, 1, (H + side_ - 1) / side_, (W + side_ - 1) / side_}, batch.samples, key));
  }
  if (gray_ > 0) out.push_back(uniform_pixels({N, 1, 1, 1}, batch.samples, {seed_, batch.epoch, kColour}));
  return out;
}

Tensor ImageDamage::noisy(const Tensor& x_NCHW, const std::vector<Tensor>& drawn) const {
  switch (noise_) {
    case Noise::none: return x_NCHW;
    case Noise::masking: return masked(x_NCHW, drawn[0], level_);
    case Noise::gaussian: return x_NCHW + sigma_ * drawn[0];
    case Noise::salt_and_pepper: return salted(x_NCHW, drawn[0], level_);
    case Noise::turns: return drawn[0];
    case Noise::holes: break;
  }
  return with_holes(x_NCHW, drawn[0], side_, level_);
}

Tensor ImageDamage::operator()(const TrainBatch& batch, const std::vector<Tensor>& drawn) const {
  const Tensor damaged = noisy(batch.views[0], drawn);
  if (gray_ == 0) return damaged;
  return at::where(drawn.back() < gray_, damaged.mean(1, true), damaged);
}

std::vector<Option> damage_options(const std::string& noise) {
  return {choice_option("noise", noise, {"none", "masking", "gaussian", "salt_and_pepper", "holes", "turns"},
                        "values set to 0 (the set's mean colour); normal noise added; values set to the image's least "
                        "or largest; squares of all channels set to 0; a box turned by 90, 180 or 270 degrees"),
          real_option("level", 0.25, 0, 1, "share of values that masking or salt and pepper damage, of squares hidden"),
          real_option("sigma", 0.3, 0, 100, "of gaussian noise, in units of normalised pixels"),
          later(integer_option("hole", 8, 1, 4096, "px, side of the squares"), 8),
          later(real_option("drop_colour", 0, 0, 1, "share of images seen without colour, painted with it"), 0)};
}

}  // namespace sslbench
