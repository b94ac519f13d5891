// SPDX-License-Identifier: Apache-2.0
#include "datasets/shapes/shape_scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/shapes/shape_canvas.h"
#include "datasets/shapes/shape_outline.h"

namespace sslbench {
namespace {

struct SizeRange {
  float low, high;  // square root of an object's area over the picture's side
};
constexpr SizeRange kAlone{0.26f, 0.36f}, kAmongOthers{0.20f, 0.32f};
constexpr int kPlacementTries = 20;
constexpr uint8_t kHalfCovered = 5;  // of 9 sample points

// The centre is drawn where the widest outline fits at any angle, so neither size nor place depends on the class.
ShapePlacement draw_placement(int shape, const ShapeSceneStyle& style, RandomStream& stream) {
  const auto side = static_cast<float>(style.side);
  const SizeRange sizes = style.several ? kAmongOthers : kAlone;
  ShapePlacement placement{.shape = shape};
  placement.size = stream.uniform(sizes.low, sizes.high) * side;
  placement.angle = stream.uniform(0, 2 * std::numbers::pi_v<float>);
  placement.stretch = std::pow(kMaxStretch, stream.uniform(-1, 1));
  const float margin = placement.size * kShapeReach;
  placement.x = stream.uniform(margin, side - margin);
  placement.y = stream.uniform(margin, side - margin);
  return placement;
}

// Whether any covered pixel is, or is next to, a pixel of another object.
bool touches(const ShapeCoverage& coverage, const std::vector<uint8_t>& taken) {
  for (int y = coverage.y0; y < coverage.y1; ++y) {
    for (int x = coverage.x0; x < coverage.x1; ++x) {
      if (coverage.at(x, y) == 0) continue;
      for (int ny = std::max(y - 1, 0); ny <= std::min(y + 1, coverage.side - 1); ++ny) {
        for (int nx = std::max(x - 1, 0); nx <= std::min(x + 1, coverage.side - 1); ++nx) {
          if (taken[static_cast<size_t>(ny * coverage.side + nx)] != 0) return true;
        }
      }
    }
  }
  return false;
}

// Marks the object in the mask and returns its tight box.
Box mark_object(const ShapeCoverage& coverage, int shape, Mask& mask) {
  int x0 = coverage.side, y0 = coverage.side, x1 = 0, y1 = 0;
  for (int y = coverage.y0; y < coverage.y1; ++y) {
    for (int x = coverage.x0; x < coverage.x1; ++x) {
      if (coverage.at(x, y) < kHalfCovered) continue;
      mask.labels[static_cast<size_t>(y * coverage.side + x)] = static_cast<uint8_t>(shape + 1);
      x0 = std::min(x0, x), y0 = std::min(y0, y), x1 = std::max(x1, x + 1), y1 = std::max(y1, y + 1);
    }
  }
  return {static_cast<float>(x0), static_cast<float>(y0), static_cast<float>(x1), static_cast<float>(y1), shape, false};
}

class Scene {
 public:
  Scene(const ShapeSceneStyle& style, RandomStream& stream)
      : style_(style),
        stream_(stream),
        canvas_(style.side, draw_paint(stream)),
        taken_(static_cast<size_t>(style.side) * static_cast<size_t>(style.side)) {
    canvas_.add_clutter(stream);
    item_.mask = {style.side, style.side, taken_};
  }

  // Adds one object; it is left out when no free place was found. The class is drawn once, only its geometry again.
  void add_object(int shape) {
    for (int attempt = 0; attempt < kPlacementTries; ++attempt) {
      const ShapeCoverage coverage = cover(draw_placement(shape, style_, stream_), style_.side);
      if (!item_.boxes.empty() && touches(coverage, taken_)) continue;
      canvas_.paint_object(coverage, draw_contrasting_paint(canvas_.mean_under(coverage), stream_));
      for (size_t p = 0; p < taken_.size(); ++p) taken_[p] |= coverage.ninths[p];
      item_.boxes.push_back(mark_object(coverage, shape, item_.mask));
      return;
    }
  }

  Item finish() {
    item_.label = item_.boxes.front().label;
    item_.image = canvas_.finish(stream_);
    return std::move(item_);
  }

 private:
  const ShapeSceneStyle& style_;
  RandomStream& stream_;
  ShapeCanvas canvas_;
  std::vector<uint8_t> taken_;  // not 0 where an object covers any part of a pixel
  Item item_;
};

}  // namespace

Item draw_shape_scene(const ShapeSceneStyle& style, Split split, int64_t i) {
  RandomStream stream(style.seed, RandomUse::render, static_cast<uint32_t>(split), static_cast<uint32_t>(i));
  const uint32_t objects = style.several ? 1 + stream.below(3) : 1;
  Scene scene(style, stream);
  scene.add_object(static_cast<int>(i % kShapes));
  for (uint32_t k = 1; k < objects; ++k) scene.add_object(static_cast<int>(stream.below(kShapes)));
  return scene.finish();
}

}  // namespace sslbench
