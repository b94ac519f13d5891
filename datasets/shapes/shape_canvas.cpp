// SPDX-License-Identifier: Apache-2.0
#include "datasets/shapes/shape_canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sslbench {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

struct Point {
  float x, y;
};

Colour draw_colour(RandomStream& stream) {
  Colour colour;
  for (float& channel : colour) channel = stream.uniform();
  return colour;
}

float distance(const Colour& a, const Colour& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

// Even direction on the sphere: height and angle are uniform (Archimedes).
Colour draw_direction(RandomStream& stream) {
  const float height = stream.uniform(-1, 1), angle = stream.uniform(0, kTurn);
  const float radius = std::sqrt(1 - height * height);
  return {radius * std::cos(angle), radius * std::sin(angle), height};
}

Colour colour_at(const Paint& paint, int x, int y, int side) {
  const auto unit = [&](int at) { return 2 * (static_cast<float>(at) + 0.5f) / static_cast<float>(side) - 1; };
  const float f = paint.along_x * unit(x) + paint.along_y * unit(y);
  return {paint.base[0] + paint.ramp[0] * f, paint.base[1] + paint.ramp[1] * f, paint.base[2] + paint.ramp[2] * f};
}

float distance_to_segment(Point p, Point a, Point b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy + 1e-12f), 0.f, 1.f);
  return std::sqrt((p.x - a.x - t * dx) * (p.x - a.x - t * dx) + (p.y - a.y - t * dy) * (p.y - a.y - t * dy));
}

// Points of an arc of that length that starts at `from`; the direction turns by up to half a circle.
std::array<Point, 9> draw_arc(float side, RandomStream& stream) {
  std::array<Point, 9> arc;
  arc[0] = {stream.uniform(0, side), stream.uniform(0, side)};
  const float step = stream.uniform(0.1f, 0.45f) * side / 8;
  float angle = stream.uniform(0, kTurn);
  const float turn = stream.uniform(-0.5f, 0.5f) * kTurn / 8;
  for (size_t i = 1; i < arc.size(); ++i, angle += turn) {
    arc[i] = {arc[i - 1].x + step * std::cos(angle), arc[i - 1].y + step * std::sin(angle)};
  }
  return arc;
}

}  // namespace

Paint draw_paint(RandomStream& stream) {
  Paint paint{.base = draw_colour(stream)};
  if (stream.uniform() < 0.7f) return paint;
  const float strength = 0.1f * stream.uniform(0.3f, 1);
  const Colour direction = draw_direction(stream);
  const float angle = stream.uniform(0, kTurn), c = std::cos(angle), s = std::sin(angle);
  const float corner = std::abs(c) + std::abs(s);  // so that f reaches 1 in a corner
  paint.along_x = c / corner, paint.along_y = s / corner;
  for (size_t k = 0; k < 3; ++k) paint.ramp[k] = strength * direction[k];
  return paint;
}

Paint draw_contrasting_paint(const Colour& under, RandomStream& stream) {
  Paint paint = draw_paint(stream);
  // At least a fifth of the colour cube is far enough from any colour, so 100 draws do not fail in practice.
  for (int attempt = 0; attempt < 100 && distance(paint.base, under) < 0.6f; ++attempt) paint = draw_paint(stream);
  return paint;
}

ShapeCanvas::ShapeCanvas(int side, const Paint& background)
    : side_(side), values_(static_cast<size_t>(side) * static_cast<size_t>(side) * 3) {
  float* out = values_.data();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      for (const float channel : colour_at(background, x, y, side)) *out++ = channel;
    }
  }
}

void ShapeCanvas::mix(int x, int y, const Colour& colour, float share) {
  float* pixel = values_.data() + static_cast<size_t>(y * side_ + x) * 3;
  for (size_t k = 0; k < 3; ++k) pixel[k] += share * (colour[k] - pixel[k]);
}

void ShapeCanvas::add_clutter(RandomStream& stream) {
  for (uint32_t strokes = stream.below(3); strokes > 0; --strokes) add_stroke(stream);
  for (uint32_t dots = stream.below(3); dots > 0; --dots) add_dot(stream);
}

void ShapeCanvas::add_stroke(RandomStream& stream) {
  const auto side = static_cast<float>(side_);
  const Colour colour = draw_colour(stream);
  const float half_width = stream.uniform(0.5f, 1.1f) * side / 64;
  const auto arc = draw_arc(side, stream);
  const auto [left, right] = std::minmax_element(arc.begin(), arc.end(), [](Point a, Point b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(arc.begin(), arc.end(), [](Point a, Point b) { return a.y < b.y; });
  const auto bound = [&](float at) { return std::clamp(static_cast<int>(at), 0, side_); };
  const float reach = half_width + 1;
  for (int y = bound(top->y - reach); y < bound(bottom->y + reach + 1); ++y) {
    for (int x = bound(left->x - reach); x < bound(right->x + reach + 1); ++x) {
      const Point p{static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
      float nearest = side;
      for (size_t i = 1; i < arc.size(); ++i) nearest = std::min(nearest, distance_to_segment(p, arc[i - 1], arc[i]));
      if (nearest < half_width + 0.5f) mix(x, y, colour, std::min(1.f, half_width + 0.5f - nearest));
    }
  }
}

void ShapeCanvas::add_dot(RandomStream& stream) {
  const auto side = static_cast<float>(side_);
  const Colour colour = draw_colour(stream);
  const float radius = stream.uniform(0.8f, 2.2f) * side / 64;
  const Point centre{stream.uniform(0, side), stream.uniform(0, side)};
  const auto bound = [&](float at) { return std::clamp(static_cast<int>(at), 0, side_); };
  for (int y = bound(centre.y - radius - 1); y < bound(centre.y + radius + 2); ++y) {
    for (int x = bound(centre.x - radius - 1); x < bound(centre.x + radius + 2); ++x) {
      const float dx = static_cast<float>(x) + 0.5f - centre.x, dy = static_cast<float>(y) + 0.5f - centre.y;
      mix(x, y, colour, std::clamp(radius + 0.5f - std::sqrt(dx * dx + dy * dy), 0.f, 1.f));
    }
  }
}

Colour ShapeCanvas::mean_under(const ShapeCoverage& coverage) const {
  Colour sum{};
  float weight = 0;
  for (int y = coverage.y0; y < coverage.y1; ++y) {
    for (int x = coverage.x0; x < coverage.x1; ++x) {
      const float share = coverage.at(x, y);
      const float* pixel = values_.data() + static_cast<size_t>(y * side_ + x) * 3;
      for (size_t k = 0; k < 3; ++k) sum[k] += share * pixel[k];
      weight += share;
    }
  }
  for (float& channel : sum) channel /= std::max(weight, 1.f);
  return sum;
}

void ShapeCanvas::paint_object(const ShapeCoverage& coverage, const Paint& paint) {
  for (int y = coverage.y0; y < coverage.y1; ++y) {
    for (int x = coverage.x0; x < coverage.x1; ++x) {
      if (const uint8_t ninths = coverage.at(x, y))
        mix(x, y, colour_at(paint, x, y, side_), static_cast<float>(ninths) / 9);
    }
  }
}

Image ShapeCanvas::finish(RandomStream& stream) const {
  Image image{side_, side_, std::vector<uint8_t>(values_.size())};
  // The sum of four uniform bytes is close to Gaussian: mean 510, deviation 147.8.
  const float scale = stream.uniform(0, 0.02f) / 147.8f;
  for (size_t i = 0; i < values_.size(); ++i) {
    const uint32_t bits = stream.bits();
    const auto sum = static_cast<int>((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24));
    const float value = values_[i] + scale * static_cast<float>(sum - 510);
    image.pixels[i] = static_cast<uint8_t>(std::clamp(value, 0.f, 1.f) * 255 + 0.5f);
  }
  return image;
}

}  // namespace sslbench
