// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/coco_mask.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sslbench {
namespace {

constexpr double kScale = 5;

struct Point {
  int64_t x, y;
};

// The points of the enlarged outline from a to b, the longer axis in single steps, in the direction from a to b.
void trace_edge(Point a, Point b, std::vector<Point>& out) {
  const int64_t dx = std::abs(b.x - a.x), dy = std::abs(b.y - a.y);
  const bool flip = (dx >= dy && a.x > b.x) || (dx < dy && a.y > b.y);
  if (flip) std::swap(a, b);
  const int64_t steps = std::max(dx, dy);
  const double slope = steps == 0 ? 0
                       : dx >= dy ? static_cast<double>(b.y - a.y) / static_cast<double>(dx)
                                  : static_cast<double>(b.x - a.x) / static_cast<double>(dy);
  for (int64_t d = 0; d <= steps; ++d) {
    const int64_t t = flip ? steps - d : d;
    const auto side = [&](int64_t from) {
      return static_cast<int64_t>(static_cast<double>(from) + slope * static_cast<double>(t) + .5);
    };
    out.push_back(dx >= dy ? Point{t + a.x, side(a.y)} : Point{side(a.x), t + a.y});
  }
}

// Column-major places at which the outline passes from one column of the picture to the next: there inside begins or
// ends.
std::vector<int64_t> crossings(const std::vector<Point>& outline, int64_t height, int64_t width) {
  std::vector<int64_t> out;
  for (size_t j = 1; j < outline.size(); ++j) {
    if (outline[j].x == outline[j - 1].x) continue;
    const int64_t x = outline[j].x < outline[j - 1].x ? outline[j].x : outline[j].x - 1;
    const double column = (static_cast<double>(x) + .5) / kScale - .5;
    if (std::floor(column) != column || column < 0 || column > static_cast<double>(width - 1)) continue;
    const double low = static_cast<double>(std::min(outline[j].y, outline[j - 1].y));
    const double row = std::ceil(std::clamp((low + .5) / kScale - .5, 0.0, static_cast<double>(height)));
    out.push_back(static_cast<int64_t>(column) * height + static_cast<int64_t>(row));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

bool counts_of_string(std::string_view text, std::vector<int64_t>& counts) {
  counts.clear();
  for (size_t i = 0; i < text.size();) {
    int64_t value = 0;
    for (int shift = 0;; shift += 5) {
      if (i >= text.size() || shift > 50) return false;
      const int bits = text[i++] - '0';
      if (bits < 0 || bits > 63) return false;
      value |= static_cast<int64_t>(bits & 0x1f) << shift;
      if ((bits & 0x20) != 0) continue;
      if ((bits & 0x10) != 0) value |= -(int64_t{1} << (shift + 5));
      break;
    }
    if (counts.size() > 2) value += counts[counts.size() - 2];
    if (std::abs(value) > int64_t{1} << 40) return false;
    counts.push_back(value);
  }
  return true;
}

bool fill_runs(const std::vector<int64_t>& counts, BinaryMask& mask) {
  const int64_t height = mask.height, total = height * mask.width;
  mask.inside.assign(static_cast<size_t>(total), 0);
  int64_t at = 0;
  for (size_t run = 0; run < counts.size(); ++run) {
    if (counts[run] < 0 || counts[run] > total - at) return false;
    for (int64_t end = at + counts[run]; at < end; ++at) {
      mask.inside[static_cast<size_t>(at % height * mask.width + at / height)] = run % 2;
    }
  }
  return at == total;
}

bool fill_polygon(const std::vector<double>& points, BinaryMask& mask) {
  if (points.size() < 6 || points.size() % 2 != 0) return false;
  std::vector<Point> corners;
  for (size_t k = 0; k + 1 < points.size(); k += 2) {
    if (!std::isfinite(points[k]) || !std::isfinite(points[k + 1])) return false;
    // Points far outside the picture are drawn one picture beyond it, which bounds the work.
    const double x = std::clamp(points[k], -1.0 * mask.width, 2.0 * mask.width);
    const double y = std::clamp(points[k + 1], -1.0 * mask.height, 2.0 * mask.height);
    corners.push_back({static_cast<int64_t>(kScale * x + .5), static_cast<int64_t>(kScale * y + .5)});
  }
  corners.push_back(corners.front());
  std::vector<Point> outline;
  for (size_t k = 0; k + 1 < corners.size(); ++k) trace_edge(corners[k], corners[k + 1], outline);
  const std::vector<int64_t> places = crossings(outline, mask.height, mask.width);
  mask.inside.resize(static_cast<size_t>(mask.height) * static_cast<size_t>(mask.width));
  const int64_t height = mask.height, total = height * mask.width;
  for (size_t k = 0; k < places.size(); k += 2) {
    const int64_t end = k + 1 < places.size() ? places[k + 1] : total;
    for (int64_t at = places[k]; at < std::min(end, total); ++at) {
      mask.inside[static_cast<size_t>(at % height * mask.width + at / height)] = 1;
    }
  }
  return true;
}

}  // namespace sslbench
