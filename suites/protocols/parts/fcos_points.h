// SPDX-License-Identifier: Apache-2.0
// Which point of which level learns which box: FCOS section 3, as torchvision's FCOS.compute_loss assigns them.
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/image.h"

namespace sslbench {

// One level's grid: height x width points of that stride.
struct PointLevel {
  int64_t stride = 0, height = 0, width = 0;
};

struct Points {
  std::vector<float> x, y;  // pixels
  std::vector<float> stride;
  std::vector<float> low, high;  // open range of max(l, t, r, b) that the point may learn
};

// Points of all levels, row-major inside a level, at (column + offset) * stride. Level i learns boxes with
// size_factor * stride < max(l, t, r, b) < 2 * size_factor * stride; the first from 0, the last to infinity. FCOS:
// size_factor 4; this project's offset is 0.5, the centre of the cell (torchvision: 0).
Points make_points(const std::vector<PointLevel>& levels, float offset, float size_factor);

// sqrt(min(l, r) / max(l, r) * min(t, b) / max(t, b)) of distances l, t, r, b: 1 at the box's centre (FCOS Eq. 3).
float centerness(const float ltrb[4]);

struct Assignment {
  std::vector<int64_t> matched;   // box number of every point, -1 none
  std::vector<float> ltrb;        // [P, 4] distances in strides; 0 where unmatched
  std::vector<float> centerness;  // 0 where unmatched
};

// A point learns a box when it lies inside, within center_radius strides of its centre in both axes (max norm), and the
// box fits its range. Of several boxes the smallest wins by largest float32(1e8 - area), then the lower number.
Assignment assign_points(const Points& points, const std::vector<Box>& boxes, float center_radius);

}  // namespace sslbench
