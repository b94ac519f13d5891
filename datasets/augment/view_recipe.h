// SPDX-License-Identifier: Apache-2.0
// ViewRecipe: the random views that a method asks for, as data.
#pragma once

#include <array>
#include <vector>

#include "suites/spec/settings.h"

namespace sslbench {

// Operations in order: random resized crop (with rotation about its centre), flip, colour jitter, grayscale, blur,
// solarize. Probabilities in [0, 1]; a strength of 0 switches an operation off.
struct ViewRecipe {
  int size = 32;                          // px of the square view
  float area_low = 0.08f, area_high = 1;  // share of the image's area
  float ratio_low = 3.f / 4, ratio_high = 4.f / 3;
  float flip = 0.5f;
  float rotation = 0;   // degrees, uniform in [-r, r]; border by reflection
  float jitter = 0.8f;  // probability of the colour jitter
  float brightness = 0.4f, contrast = 0.4f, saturation = 0.4f, hue = 0.1f;
  float gray = 0.2f;
  float blur = 0, blur_sigma_low = 0.1f, blur_sigma_high = 2;
  float solarize = 0;
};

// Means and deviations per channel for (x/255 - mean) / deviation.
struct Normalisation {
  std::array<float, 3> mean{}, deviation{1, 1, 1};
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

// What the table says about normalisation.
Normalisation normalisation_from(const Settings& settings, const Normalisation& of_dataset);

}  // namespace sslbench
