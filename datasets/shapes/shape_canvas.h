// SPDX-License-Identifier: Apache-2.0
// Paint, clutter and noise of the built-in set `shapes`: what must not tell the class.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "datasets/image.h"
#include "datasets/shapes/shape_outline.h"
#include "suites/ground/random.h"

namespace sslbench {

using Colour = std::array<float, 3>;  // RGB in [0, 1]

// A flat colour or a linear gradient across the picture: base + ramp * f, f from -1 to 1 along a direction.
struct Paint {
  Colour base{}, ramp{};
  float along_x = 0, along_y = 0;  // f = along_x * (2x/side - 1) + along_y * (2y/side - 1)
};

// Background and objects are drawn from this one distribution.
Paint draw_paint(RandomStream& stream);
// Drawn again until its base colour lies at least 0.6 (RGB distance) from `under`.
Paint draw_contrasting_paint(const Colour& under, RandomStream& stream);

// A square float picture.
class ShapeCanvas {
 public:
  ShapeCanvas(int side, const Paint& background);

  // Up to two curved strokes and up to two dots.
  void add_clutter(RandomStream& stream);
  // Mean colour under an object, weighted by coverage.
  Colour mean_under(const ShapeCoverage& coverage) const;
  void paint_object(const ShapeCoverage& coverage, const Paint& paint);
  // Adds noise of one standard deviation in [0, 0.02] and rounds to uint8.
  Image finish(RandomStream& stream) const;

 private:
  void add_stroke(RandomStream& stream);
  void add_dot(RandomStream& stream);
  void mix(int x, int y, const Colour& colour, float share);

  int side_;
  std::vector<float> values_;  // side * side * 3
};

}  // namespace sslbench
