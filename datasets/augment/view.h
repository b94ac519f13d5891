// SPDX-License-Identifier: Apache-2.0
// One augmented view of one image: uint8 HWC in, normalised floats out; no image per operation in between.
#pragma once

#include <array>
#include <cstdint>

#include "datasets/augment/view_recipe.h"
#include "datasets/image.h"
#include "suites/spec/random.h"

namespace sslbench {

// All random choices of one view, drawn before any pixel is touched: a pure function of (seed, epoch, sample, view).
struct ViewParameters {
  float top = 0, left = 0, height = 0, width = 0;  // crop, pixels of the source
  bool flip = false;
  float angle = 0;  // radians
  bool jitter = false;
  std::array<uint8_t, 4> order{0, 1, 2, 3};  // 0 brightness, 1 contrast, 2 saturation, 3 hue
  float brightness = 1, contrast = 1, saturation = 1, hue = 0;
  bool gray = false;
  float blur_sigma = 0;  // 0: no blur
  bool solarize = false;
};

// Defined in draw_view.cpp, where all random numbers of views are drawn.
ViewParameters draw_view(const ViewRecipe& recipe, int height, int width, RandomStream stream);

// Writes size*size*3 floats, HWC (channels last), to `out`. Without rotation the resize is the antialiased bilinear one
// of PIL and torchvision; with rotation one bilinear gather with reflected border. Source of the colour arithmetic:
// torchvision v2 functional on float tensors.
void render_view(const Image& image, const ViewParameters& view, int size, const Normalisation& normalisation,
                 float* out);

// The whole image resized (antialiased bilinear) to height x width and normalised: what evaluation sees.
void render_whole(const Image& image, int height, int width, const Normalisation& normalisation, float* out);

}  // namespace sslbench
