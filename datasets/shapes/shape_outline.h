// SPDX-License-Identifier: Apache-2.0
// The ten outlines of the built-in set `shapes`, and where an object covers a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sslbench {

inline constexpr int kShapes = 10;

// Every shape is centred on its centroid and divided by the square root of its area, so that area and centre are drawn
// from one distribution whatever the class. This is the farthest that a point of any of them then lies from the centre,
// stretched by up to kMaxStretch: an object whose centre keeps `size * kShapeReach` from the border is wholly inside.
inline constexpr float kMaxStretch = 1.0954451f;  // sqrt(1.2)
inline constexpr float kShapeReach = 1.135f;

struct ShapeOutline {
  const char* name;
  bool (*inside)(float x, float y);  // in the outline's own frame
  float area, centre_x, centre_y;    // in that frame
};

// Shape 0 .. kShapes-1.
const ShapeOutline& shape_outline(int shape);
std::vector<std::string> shape_names();

// Where one object lies: centre and size (square root of its area) in px, angle in radians; x is stretched by `stretch`
// and y by its inverse before the rotation.
struct ShapePlacement {
  int shape = 0;
  float x = 0, y = 0, size = 0, angle = 0, stretch = 1;
};

// How many of the 3 x 3 sample points of every pixel an object covers; pixels outside [x0, x1) x [y0, y1) are 0.
struct ShapeCoverage {
  int side = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  std::vector<uint8_t> ninths;  // side * side

  uint8_t at(int x, int y) const { return ninths[static_cast<size_t>(y * side + x)]; }
};

ShapeCoverage cover(const ShapePlacement& placement, int side);

}  // namespace sslbench
