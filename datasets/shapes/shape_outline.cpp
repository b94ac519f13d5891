// SPDX-License-Identifier: Apache-2.0
#include "datasets/shapes/shape_outline.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sslbench {
namespace {

float squared(float x) { return x * x; }
bool within(float x, float half) { return std::abs(x) < half; }

bool ellipse(float x, float y) { return squared(x) + squared(y) < 1; }
bool rectangle(float x, float y) { return within(x, 1) && within(y, 1); }
bool triangle(float x, float y) { return y > -0.5f && y < 1 - 1.7320508f * std::abs(x); }
bool cross(float x, float y) { return (within(x, 0.26f) && within(y, 1)) || (within(y, 0.26f) && within(x, 1)); }
bool ring(float x, float y) { return squared(x) + squared(y) < 1 && squared(x) + squared(y) > 0.66f * 0.66f; }
bool crescent(float x, float y) { return ellipse(x, y) && squared(x - 0.42f) + squared(y) > 0.64f; }
bool arrow(float x, float y) {
  return (x > 0 && x < 1 && std::abs(y) < 0.75f * (1 - x)) || (x > -1 && x <= 0 && within(y, 0.2f));
}
bool heart(float x, float y) {
  const float xx = squared(1.2f * x), yy = squared(1.2f * y), ball = xx + yy - 1;
  return ball * ball * ball < xx * yy * 1.2f * y;
}
bool bars(float x, float y) { return within(x, 1) && (within(y, 0.2f) || (std::abs(y) > 0.6f && within(y, 1))); }
// A pentagram of outer radius 1: on the inner side of at least four of its five lines, cos(72 degrees) from the centre.
bool star(float x, float y) {
  constexpr std::array<std::array<float, 2>, 5> kNormals{{{1, 0},
                                                          {0.30901699f, 0.95105652f},
                                                          {-0.80901699f, 0.58778525f},
                                                          {-0.80901699f, -0.58778525f},
                                                          {0.30901699f, -0.95105652f}}};
  int inner = 0;
  for (const auto& normal : kNormals) inner += normal[0] * x + normal[1] * y < 0.30901699f ? 1 : 0;
  return inner >= 4;
}

// Areas and centroids by summation over a grid of 4001 x 4001 points; a test repeats it.
constexpr std::array<ShapeOutline, kShapes> kOutlines{{{"ellipse", ellipse, 3.14159f, 0, 0},
                                                       {"rectangle", rectangle, 4, 0, 0},
                                                       {"triangle", triangle, 1.29904f, 0, 0},
                                                       {"star", star, 1.12257f, 0, 0},
                                                       {"cross", cross, 1.8096f, 0, 0},
                                                       {"ring", ring, 1.77311f, 0, 0},
                                                       {"crescent", crescent, 1.40426f, -0.40396f, 0},
                                                       {"arrow", arrow, 1.15f, 0.04348f, 0},
                                                       {"heart", heart, 2.54303f, 0, 0.24457f},
                                                       {"bars", bars, 2.4f, 0, 0}}};

// From picture px to the outline's own frame.
struct ShapeFrame {
  float xx, xy, yx, yy, x0, y0;

  explicit ShapeFrame(const ShapePlacement& placement) {
    const ShapeOutline& outline = shape_outline(placement.shape);
    const float scale = std::sqrt(outline.area) / placement.size;
    const float c = std::cos(placement.angle) * scale, s = std::sin(placement.angle) * scale;
    xx = c / placement.stretch, xy = s / placement.stretch;
    yx = -s * placement.stretch, yy = c * placement.stretch;
    x0 = outline.centre_x - xx * placement.x - xy * placement.y;
    y0 = outline.centre_y - yx * placement.x - yy * placement.y;
  }
};

}  // namespace

const ShapeOutline& shape_outline(int shape) { return kOutlines.at(static_cast<size_t>(shape)); }

std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const ShapeOutline& outline : kOutlines) names.emplace_back(outline.name);
  return names;
}

ShapeCoverage cover(const ShapePlacement& placement, int side) {
  const float reach = placement.size * kShapeReach;
  const auto bound = [&](float at) { return std::clamp(static_cast<int>(std::floor(at)), 0, side); };
  ShapeCoverage out{side,
                    bound(placement.x - reach),
                    bound(placement.y - reach),
                    bound(placement.x + reach + 1),
                    bound(placement.y + reach + 1),
                    std::vector<uint8_t>(static_cast<size_t>(side) * static_cast<size_t>(side))};
  const ShapeFrame frame(placement);
  const auto inside = shape_outline(placement.shape).inside;
  for (int y = out.y0; y < out.y1; ++y) {
    for (int x = out.x0; x < out.x1; ++x) {
      uint8_t hits = 0;
      for (int sample = 0; sample < 9; ++sample) {
        const int column = sample % 3, row = sample / 3;
        const float px = static_cast<float>(x) + static_cast<float>(2 * column + 1) / 6;
        const float py = static_cast<float>(y) + static_cast<float>(2 * row + 1) / 6;
        hits += inside(frame.x0 + frame.xx * px + frame.xy * py, frame.y0 + frame.yx * px + frame.yy * py) ? 1 : 0;
      }
      out.ninths[static_cast<size_t>(y * side + x)] = hits;
    }
  }
  return out;
}

}  // namespace sslbench
