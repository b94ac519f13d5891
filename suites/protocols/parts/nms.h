// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace sslbench {

struct ScoredBox {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  float score = 0;
  int32_t label = 0;
};

// Intersection over union, no pixel added.
float box_iou(const ScoredBox& a, const ScoredBox& b);

// Non-maximum suppression by class: a box falls when its IoU with a kept one of its class is > iou_threshold. Returns
// kept indices by score descending, ties by index (torchvision.ops.batched_nms with a canonical order).
std::vector<int64_t> batched_nms(const std::vector<ScoredBox>& boxes, float iou_threshold);

}  // namespace sslbench
