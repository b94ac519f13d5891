// SPDX-License-Identifier: Apache-2.0
// Pictures of a set as somebody may have copied them: what a search for leaks has to find.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "datasets/augment/view.h"
#include "datasets/corruptions/corruption.h"
#include "datasets/data_source.h"

namespace sslbench {

enum class Alteration { none, mirrored, cropped, jpeg_50, recoloured, grey, turned };

// What `view` makes of an image, at its own size if that is square.
inline Image rendered(const Image& image, const ViewParameters& view) {
  const auto side = static_cast<size_t>(image.height);
  std::vector<float> values(side * side * 3);
  render_view(image, view, image.height, {{0, 0, 0}, {1, 1, 1}}, values.data());
  Image out{image.height, image.height, std::vector<uint8_t>(values.size())};
  std::transform(values.begin(), values.end(), out.pixels.begin(),
                 [](float v) { return static_cast<uint8_t>(std::lround(std::clamp(v, 0.f, 1.f) * 255)); });
  return out;
}

// A quarter turn: as natural as the picture, but another one.
inline Image turned(const Image& image) {
  Image out{image.width, image.height, std::vector<uint8_t>(image.pixels.size())};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        out.pixels[static_cast<size_t>((x * out.width + y) * 3 + c)] =
            image.pixels[static_cast<size_t>((y * image.width + x) * 3 + c)];
      }
    }
  }
  return out;
}

inline Image altered(const Image& image, Alteration how, int64_t i) {
  RandomStream random(11, RandomUse::render, 0, static_cast<uint32_t>(i));
  const auto between = [&](float low, float high) { return low + (high - low) * random.uniform(); };
  const auto side = static_cast<float>(image.height);
  ViewParameters view{.height = side, .width = static_cast<float>(image.width)};
  switch (how) {
    case Alteration::mirrored: view.flip = true; break;
    case Alteration::cropped:  // to between 0.8 and 0.97 of each side, anywhere
      view.height = view.width = std::round(side * between(0.8f, 0.97f));
      view.top = std::floor(between(0, side - view.height + 0.999f));
      view.left = std::floor(between(0, side - view.width + 0.999f));
      view.flip = i % 2 == 1;
      break;
    case Alteration::recoloured:
      view.jitter = true;
      view.hue = between(-0.5f, 0.5f);
      view.brightness = between(0.6f, 1.4f), view.contrast = between(0.6f, 1.4f), view.saturation = between(0, 2);
      break;
    case Alteration::grey: view.gray = true; break;
    case Alteration::jpeg_50: return corrupt(image, "cifar10_c", "jpeg_compression", 4, 1, 0);
    case Alteration::turned: return turned(image);
    case Alteration::none: return image;
  }
  return rendered(image, view);
}

// Images first, first + step, ... of another source, altered; by turns where there are several ways.
class AlteredCopies final : public DataSource {
 public:
  AlteredCopies(std::shared_ptr<const DataSource> source, int64_t count, int64_t step, std::vector<Alteration> ways)
      : source_(std::move(source)), count_(count), step_(step), ways_(std::move(ways)) {}
  int64_t size() const override { return count_; }
  Item item(int64_t i) const override {
    Item out = source_->item(i * step_);
    out.image = altered(out.image, way(i), i);
    return out;
  }
  const std::vector<std::string>& classes() const override { return source_->classes(); }
  Alteration way(int64_t i) const { return ways_[static_cast<size_t>(i) % ways_.size()]; }

 private:
  std::shared_ptr<const DataSource> source_;
  int64_t count_, step_;
  std::vector<Alteration> ways_;
};

}  // namespace sslbench
