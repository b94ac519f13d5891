// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/lidar_views.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/view.h"
#include "suites/protocols/frozen/made_images.h"
#include "suites/protocols/frozen/plain_arrays.h"

namespace sslbench {
namespace {

constexpr uint64_t kSeed = 40;  // the same views in every run

// As bytes, so that what follows treats it as any picture.
Image view_of(const Image& image, int side, int64_t sample, int64_t view) {
  ViewRecipe recipe;
  recipe.size = side;
  const RandomStream stream(kSeed, RandomUse::view, 0, static_cast<uint32_t>(sample), static_cast<uint32_t>(view));
  Image out{side, side, std::vector<uint8_t>(static_cast<size_t>(side) * static_cast<size_t>(side) * 3)};
  std::vector<float> pixels(out.pixels.size());
  render_view(image, draw_view(recipe, image.height, image.width, stream), side, {{0, 0, 0}, {1, 1, 1}}, pixels.data());
  std::ranges::transform(pixels, out.pixels.begin(), [](float value) {
    return static_cast<uint8_t>(std::lround(255 * std::clamp(value, 0.f, 1.f)));
  });
  return out;
}

}  // namespace

Lidar lidar_of_views(Subject& subject, const ImageSet& images, const LidarViews& how) {
  const int64_t count = std::min(how.images, images.size());
  const auto from = [&](int64_t i) { return i / how.views * images.size() / count; };
  const int side = images.longest_side();
  const auto make = [&](const Image& of, int64_t i) { return view_of(of, side, from(i), i % how.views); };
  const ImageSet views(std::make_unique<MadeImages>(images, MadeImages::Making{count * how.views, from, make}),
                       {.budget = 0});
  return lidar(matrix_of(subject.extract(subject.backbone, views).h_ND), static_cast<size_t>(how.views));
}

}  // namespace sslbench
