// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view.h"

#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/normalise.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/tone.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

// The crop at the size of `planes`, flipped.
void take_crop(const Image& image, const ViewParameters& view, Planes& planes) {
  const CropRect crop{static_cast<int>(view.top), static_cast<int>(view.left), static_cast<int>(view.height),
                      static_cast<int>(view.width)};
  require(crop.height > 0 && crop.width > 0, "the crop of a view is empty");
  const Placement placement{view.flip, view.flip_vertical, view.interpolation};
  const bool inside = crop.top >= 0 && crop.left >= 0 && crop.top + crop.height <= image.height &&
                      crop.left + crop.width <= image.width;
  if (!inside) {
    require(view.angle == 0, "the crop of a rotated view leaves its image");
    thread_local Image bordered;
    cut_with_border(image, crop, bordered);
    return resize_crop(bordered, {0, 0, crop.height, crop.width}, placement, planes);
  }
  if (view.angle == 0) return resize_crop(image, crop, placement, planes);
  gather_rotated(image, crop, view.angle, placement, planes);
}

}  // namespace

void render_view(const Image& image, const ViewParameters& view, int size, const Normalisation& normalisation,
                 float* out) {
  thread_local Planes planes;
  planes.resize(size, size);
  take_crop(image, view, planes);
  apply_rand_augment(view.rand_augment, planes);
  ColourChoice colour{.gray = view.gray};
  if (view.jitter) {
    colour = {view.order, view.brightness, view.contrast, view.saturation, view.hue, view.gray};
  }
  apply_colour(colour, planes);
  const int taps = view.blur_kernel > 0 ? view.blur_kernel : blur_taps(size);
  if (view.blur_sigma > 0) gaussian_blur(taps, view.blur_sigma, planes);
  if (view.solarize) apply_solarize(view.solarize_threshold / 255, planes);
  if (view.posterize_bits < 8) apply_posterize(view.posterize_bits, planes);
  if (view.equalize) apply_equalize(planes);
  if (view.erased.height > 0) erase(view.erased, normalisation.mean, planes);
  store_normalised(planes, normalisation, out);
}

void render_whole(const Image& image, int height, int width, const Normalisation& normalisation, float* out) {
  thread_local Planes planes;
  planes.resize(height, width);
  resize_crop(image, {0, 0, image.height, image.width}, {}, planes);
  store_normalised(planes, normalisation, out);
}

}  // namespace sslbench
