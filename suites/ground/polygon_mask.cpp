// SPDX-License-Identifier: Apache-2.0
// From a polygon to run lengths, as cocodataset/cocoapi (common/maskApi.c, rleFrPoly) does it: the outline is walked on
// a grid 5 times finer, and where it crosses the centre line of a pixel column, inside and outside change.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "suites/ground/error.h"
#include "suites/ground/run_length_mask.h"

namespace sslbench {
namespace {

constexpr double kFiner = 5;

struct Point {
  int64_t x = 0, y = 0;  // on the fine grid
};

// The fine grid's points on the edge from `a` to `b`, in that order, one for each step along its longer side.
void walk_edge(Point a, Point b, std::vector<Point>& out) {
  const int64_t dx = std::abs(b.x - a.x), dy = std::abs(b.y - a.y);
  const bool along_x = dx >= dy, flipped = along_x ? a.x > b.x : a.y > b.y;
  if (dx == 0 && dy == 0) {
    out.push_back(a);
    return;
  }
  if (flipped) std::swap(a, b);
  const double slope = along_x ? static_cast<double>(b.y - a.y) / static_cast<double>(dx)
                               : static_cast<double>(b.x - a.x) / static_cast<double>(dy);
  const int64_t steps = std::max(dx, dy);
  for (int64_t i = 0; i <= steps; ++i) {
    const int64_t t = flipped ? steps - i : i;
    const double offset = slope * static_cast<double>(t);
    if (along_x) {
      out.push_back({a.x + t, static_cast<int64_t>(static_cast<double>(a.y) + offset + 0.5)});
    } else {
      out.push_back({static_cast<int64_t>(static_cast<double>(a.x) + offset + 0.5), a.y + t});
    }
  }
}

// Pixel numbers (column by column) at which inside and outside change.
std::vector<int64_t> crossings(const std::vector<Point>& outline, int64_t height, int64_t width) {
  std::vector<int64_t> out;
  for (size_t i = 1; i < outline.size(); ++i) {
    const Point &before = outline[i - 1], &here = outline[i];
    if (here.x == before.x) continue;
    const double column = (static_cast<double>(here.x < before.x ? here.x : here.x - 1) + 0.5) / kFiner - 0.5;
    if (std::floor(column) != column || column < 0 || column > static_cast<double>(width - 1)) continue;
    const double row = (static_cast<double>(std::min(here.y, before.y)) + 0.5) / kFiner - 0.5;
    const double clipped = std::ceil(std::clamp(row, 0.0, static_cast<double>(height)));
    out.push_back(static_cast<int64_t>(column) * height + static_cast<int64_t>(clipped));
  }
  return out;
}

// Differences of the sorted crossings; a run of no pixels joins its neighbours.
std::vector<uint32_t> runs_between(std::vector<int64_t> at, int64_t pixels) {
  at.push_back(pixels);
  std::sort(at.begin(), at.end());
  std::vector<uint32_t> runs;
  for (size_t i = at.size(); i-- > 1;) at[i] -= at[i - 1];
  runs.push_back(static_cast<uint32_t>(at[0]));
  for (size_t i = 1; i < at.size(); ++i) {
    if (at[i] > 0) {
      runs.push_back(static_cast<uint32_t>(at[i]));
    } else if (++i < at.size()) {
      runs.back() += static_cast<uint32_t>(at[i]);
    }
  }
  return runs;
}

}  // namespace

RunLengthMask mask_from_polygon(std::span<const double> polygon, int64_t height, int64_t width) {
  check_mask_size(height, width);
  constexpr double kFarthest = 1e6;
  const bool finite = std::all_of(polygon.begin(), polygon.end(), [](double v) { return std::abs(v) <= kFarthest; });
  if (polygon.size() < 6 || polygon.size() % 2 != 0 || !finite) {
    throw UserError("a polygon has " + std::to_string(polygon.size()) +
                    " numbers; expected x and y of at least three points, each a number within 1,000,000 pixels");
  }
  std::vector<Point> corners;
  for (size_t i = 0; i + 1 < polygon.size(); i += 2) {
    corners.push_back(
        {static_cast<int64_t>(kFiner * polygon[i] + 0.5), static_cast<int64_t>(kFiner * polygon[i + 1] + 0.5)});
  }
  corners.push_back(corners.front());
  std::vector<Point> outline;
  for (size_t i = 0; i + 1 < corners.size(); ++i) walk_edge(corners[i], corners[i + 1], outline);
  return {height, width, runs_between(crossings(outline, height, width), height * width)};
}

}  // namespace sslbench
