// SPDX-License-Identifier: Apache-2.0
// ViewRecipe: the random views that a method asks for, as data.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "datasets/augment/draw_rect.h"
#include "datasets/augment/normalisation.h"
#include "datasets/augment/resample.h"
#include "suites/ground/settings.h"

namespace sslbench {

// Operations in order: crop (with rotation about its centre), flips, RandAugment, colour jitter, grayscale, blur,
// solarize, posterize, equalize, normalisation, erasing. Probabilities in [0, 1]; a strength of 0 switches an operation
// off.
struct ViewRecipe {
  int size = 32;  // px of the square view
  CropSampler crop = CropSampler::torchvision;
  float area_low = 0.08f, area_high = 1;  // share of the image's area
  float ratio_low = 3.f / 4, ratio_high = 4.f / 3;
  int pad_crop = 0;  // px; above 0 the crop has the image's size and lies within a black border that wide
  Interpolation interpolation = Interpolation::bilinear;
  float flip = 0.5f, flip_vertical = 0;
  float rotation = 0;    // degrees, uniform in [-r, r]; border by reflection, always bilinear
  int rand_augment = 0;  // operations
  int rand_augment_magnitude = 9;
  float jitter = 0.8f;  // probability of the colour jitter
  float brightness = 0.4f, contrast = 0.4f, saturation = 0.4f, hue = 0.1f;
  float gray = 0.2f;
  float blur = 0, blur_sigma_low = 0.1f, blur_sigma_high = 2;
  int blur_kernel = 0;                           // taps; 0: a tenth of the view's side
  float solarize = 0, solarize_threshold = 128;  // of 255
  float posterize = 0;
  int posterize_bits = 4;
  float equalize = 0;
  float erasing = 0;  // probability; the rectangle becomes the mean colour, 0 after normalisation
  RectBounds erased{0.02f, 0.33f, 0.3f, 3.3f};
};

// The options of the table `views`, with SimCLR's CIFAR values as defaults.
std::vector<Option> view_options();

// What is asked of the views of one image.
struct ViewRequest {
  int64_t views = 1;  // of full size, when the table does not say how many
  int size = 32;      // px, when the table does not say
};

// The recipes of all views of one image, each with its size: views of full size first, then the small local ones.
std::vector<ViewRecipe> view_recipes_from(const Settings& settings, const ViewRequest& request);

// How the images of a batch are mixed: Beta(alpha, alpha) of each; 0 switches one off, and of two either is as likely.
struct MixingRecipe {
  float mixup = 0, cutmix = 0;
  bool any() const { return mixup > 0 || cutmix > 0; }
};
MixingRecipe mixing_from(const Settings& settings);

// Of option `normalisation`; plans say "dataset" in its place where no file of weights takes part.
inline constexpr const char* kAutoNormalisation = "auto";
// What the table says about normalisation; of_weights: what a file of weights says that it was trained with.
Normalisation normalisation_from(const Settings& settings, const Normalisation& of_dataset,
                                 const std::optional<Normalisation>& of_weights = std::nullopt);

}  // namespace sslbench
