// SPDX-License-Identifier: Apache-2.0
// Training views for detection and segmentation: image, boxes and mask change together.
#pragma once

#include <vector>

#include "datasets/augment/view.h"
#include "datasets/data_source.h"

namespace sslbench {

// The whole image resized to height x width px, flipped with that probability, coloured with these strengths (as in
// ViewRecipe; 0 switches one off).
struct DenseRecipe {
  int height = 0, width = 0;
  float flip = 0.5f;
  float brightness = 0.2f, contrast = 0.2f, saturation = 0.2f, hue = 0.05f;
};

// Boxes in px of the resized image; the mask is height x width, or empty when the item has none.
struct DenseTruth {
  std::vector<Box> boxes;
  Mask mask;
};

// The random numbers of one example's view: apart from those of pretraining.
inline RandomStream dense_stream(uint64_t seed, int64_t epoch, int64_t sample) {
  constexpr uint32_t kDenseView = 1000;  // view number
  return {seed, RandomUse::view, static_cast<uint32_t>(epoch), static_cast<uint32_t>(sample), kDenseView};
}

// Writes height * width * 3 normalised floats, HWC, to `out` and returns the truth that belongs to them; a pure
// function of its arguments. The image is resized antialiased, the mask to the nearest pixel (its centre's).
DenseTruth render_dense(const Item& item, const DenseRecipe& recipe, RandomStream stream,
                        const Normalisation& normalisation, float* out);

// The label of the pixel that holds the centre of each output pixel; every class keeps its number, nothing is mixed.
Mask resize_mask(const Mask& mask, int height, int width, bool flip);

}  // namespace sslbench
