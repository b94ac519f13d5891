// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view.h"

#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/normalise.h"
#include "datasets/augment/resize.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

constexpr float kSolarizeThreshold = 128.f / 255;  // Pillow's default

CropRect crop_of(const ViewParameters& view, const Image& image) {
  const CropRect crop{static_cast<int>(view.top), static_cast<int>(view.left), static_cast<int>(view.height),
                      static_cast<int>(view.width)};
  require(crop.height > 0 && crop.width > 0 && crop.top >= 0 && crop.left >= 0 &&
              crop.top + crop.height <= image.height && crop.left + crop.width <= image.width,
          "the crop of a view leaves its image");
  return crop;
}

}  // namespace

void render_view(const Image& image, const ViewParameters& view, int size, const Normalisation& normalisation,
                 float* out) {
  thread_local Planes planes;
  planes.resize(size, size);
  const CropRect crop = crop_of(view, image);
  if (view.angle == 0) {
    resize_crop(image, crop, view.flip, planes);
  } else {
    gather_rotated(image, crop, view.angle, view.flip, planes);
  }
  ColourChoice colour{.gray = view.gray};
  if (view.jitter) {
    colour = {view.order, view.brightness, view.contrast, view.saturation, view.hue, view.gray};
  }
  apply_colour(colour, planes);
  if (view.blur_sigma > 0) gaussian_blur(blur_taps(size), view.blur_sigma, planes);
  if (view.solarize) apply_solarize(kSolarizeThreshold, planes);
  store_normalised(planes, normalisation, out);
}

void render_whole(const Image& image, int height, int width, const Normalisation& normalisation, float* out) {
  thread_local Planes planes;
  planes.resize(height, width);
  resize_crop(image, {0, 0, image.height, image.width}, false, planes);
  store_normalised(planes, normalisation, out);
}

}  // namespace sslbench
