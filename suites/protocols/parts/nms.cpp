// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/nms.h"

#include <algorithm>
#include <numeric>

namespace sslbench {
namespace {

float area(const ScoredBox& box) { return (box.x1 - box.x0) * (box.y1 - box.y0); }

}  // namespace

float box_iou(const ScoredBox& a, const ScoredBox& b) {
  const float w = std::max(0.f, std::min(a.x1, b.x1) - std::max(a.x0, b.x0));
  const float h = std::max(0.f, std::min(a.y1, b.y1) - std::max(a.y0, b.y0));
  return w * h / (area(a) + area(b) - w * h);
}

std::vector<int64_t> batched_nms(const std::vector<ScoredBox>& boxes, float iou_threshold) {
  std::vector<int64_t> order(boxes.size()), kept;
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](int64_t i) -> const ScoredBox& { return boxes[static_cast<size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return at(a).score > at(b).score; });
  for (const int64_t candidate : order) {
    const bool falls = std::any_of(kept.begin(), kept.end(), [&](int64_t k) {
      return at(k).label == at(candidate).label && box_iou(at(k), at(candidate)) > iou_threshold;
    });
    if (!falls) kept.push_back(candidate);
  }
  return kept;
}

}  // namespace sslbench
