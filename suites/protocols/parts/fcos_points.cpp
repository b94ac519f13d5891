// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/fcos_points.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sslbench {

Points make_points(const std::vector<PointLevel>& levels, float offset, float size_factor) {
  Points out;
  for (size_t i = 0; i < levels.size(); ++i) {
    const auto stride = static_cast<float>(levels[i].stride);
    const float low = i == 0 ? 0 : size_factor * stride;
    const float high = i + 1 == levels.size() ? std::numeric_limits<float>::infinity() : 2 * size_factor * stride;
    for (int64_t row = 0; row < levels[i].height; ++row) {
      for (int64_t column = 0; column < levels[i].width; ++column) {
        out.x.push_back((static_cast<float>(column) + offset) * stride);
        out.y.push_back((static_cast<float>(row) + offset) * stride);
        out.stride.push_back(stride);
        out.low.push_back(low);
        out.high.push_back(high);
      }
    }
  }
  return out;
}

float centerness(const float ltrb[4]) {
  const float across = std::min(ltrb[0], ltrb[2]) / std::max(ltrb[0], ltrb[2]);
  const float along = std::min(ltrb[1], ltrb[3]) / std::max(ltrb[1], ltrb[3]);
  return std::sqrt(across * along);
}

Assignment assign_points(const Points& points, const std::vector<Box>& boxes, float center_radius) {
  const size_t P = points.x.size();
  Assignment out{std::vector<int64_t>(P, -1), std::vector<float>(4 * P, 0), std::vector<float>(P, 0)};
  for (size_t p = 0; p < P; ++p) {
    float best = -1;
    for (size_t g = 0; g < boxes.size(); ++g) {
      const Box& box = boxes[g];
      const float sides[4] = {points.x[p] - box.x0, points.y[p] - box.y0, box.x1 - points.x[p], box.y1 - points.y[p]};
      const auto [least, most] = std::minmax_element(sides, sides + 4);
      const float away =
          std::max(std::abs(points.x[p] - (box.x0 + box.x1) / 2), std::abs(points.y[p] - (box.y0 + box.y1) / 2));
      if (*least <= 0 || away >= center_radius * points.stride[p]) continue;
      if (*most <= points.low[p] || *most >= points.high[p]) continue;
      const float preference = 1e8f - (box.x1 - box.x0) * (box.y1 - box.y0);
      if (preference <= best) continue;
      best = preference;
      out.matched[p] = static_cast<int64_t>(g);
      for (size_t side = 0; side < 4; ++side) out.ltrb[4 * p + side] = sides[side] / points.stride[p];
      out.centerness[p] = centerness(sides);
    }
  }
  return out;
}

}  // namespace sslbench
