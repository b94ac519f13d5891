// SPDX-License-Identifier: Apache-2.0
// One augmented view of one image: uint8 HWC in, normalised floats out; no image per operation in between.
#pragma once

#include <array>
#include <cstdint>

#include "datasets/augment/rand_augment.h"
#include "datasets/augment/resize.h"
#include "datasets/augment/view_recipe.h"
#include "datasets/image.h"
#include "suites/ground/random.h"

namespace sslbench {

// All random choices of one view, drawn before any pixel is touched: a pure function of (seed, epoch, sample, view).
struct ViewParameters {
  // Crop, pixels of the source; it leaves the image only into a border of pad_crop.
  float top = 0, left = 0, height = 0, width = 0;
  bool flip = false, flip_vertical = false;
  float angle = 0;  // radians
  Interpolation interpolation = Interpolation::bilinear;
  RandAugmentSteps rand_augment;
  bool jitter = false;
  std::array<uint8_t, 4> order{0, 1, 2, 3};  // 0 brightness, 1 contrast, 2 saturation, 3 hue
  float brightness = 1, contrast = 1, saturation = 1, hue = 0;
  bool gray = false;
  float blur_sigma = 0;  // 0: no blur
  int blur_kernel = 0;   // taps; 0: blur_taps(size)
  bool solarize = false;
  float solarize_threshold = 128;  // of 255
  int posterize_bits = 8;
  bool equalize = false;
  CropRect erased;  // pixels of the view
};

// Defined in draw_view.cpp; rectangles are drawn in draw_rect.cpp and RandAugment's operations in rand_augment.cpp.
ViewParameters draw_view(const ViewRecipe& recipe, int height, int width, RandomStream stream);

// Writes size*size*3 floats, HWC (channels last), to `out`. Without rotation the resize is the antialiased one of PIL
// and torchvision; with rotation one bilinear gather with reflected border. Source of the colour arithmetic:
// torchvision v2 functional on float tensors.
void render_view(const Image& image, const ViewParameters& view, int size, const Normalisation& normalisation,
                 float* out);

// The whole image resized (antialiased bilinear) to height x width and normalised: what evaluation sees.
void render_whole(const Image& image, int height, int width, const Normalisation& normalisation, float* out);

}  // namespace sslbench
