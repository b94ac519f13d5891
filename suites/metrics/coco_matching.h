// SPDX-License-Identifier: Apache-2.0
// The first half of COCOeval: which detection finds which truth, image by image and category by category.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "suites/metrics/coco_ap.h"

namespace sslbench {

inline constexpr int kIouThresholds = 10;  // 0.50, 0.55, .. 0.95

// One image and category: truths in file order, detections by falling score, IoU [detections, truths].
// `reach`: a detection's largest IoU, 0 without truths.
struct CocoGroup {
  size_t category = 0;  // number among ascending category ids
  uint32_t image = 0;   // number among ascending image ids
  std::vector<const CocoTruth*> truths;
  std::vector<const CocoDetection*> detections;
  std::vector<double> iou, reach;
};

// Groups by (category, image) ascending, pointing into `input`.
struct CocoGroups {
  std::vector<int64_t> images, categories;  // ascending, each once
  std::vector<CocoGroup> groups;
};

// Throws as coco_scores().
CocoGroups group_by_image(const CocoInput& input, size_t threads);

// A detection after matching; bit t of the masks belongs to IoU threshold t.
struct MatchedDetection {
  double score = 0;
  uint32_t image = 0;
  uint32_t rank = 0;  // within its image and category
  uint16_t found = 0, ignored = 0;
};

struct CategoryMatches {
  std::vector<MatchedDetection> detections;  // by falling score, ties by image and rank
  std::vector<uint32_t> positives;           // the image of every truth that counts
};

// Inclusive range of areas in square pixels.
struct AreaRange {
  double low = 0, high = 1e10;
};

// Of category number `category`.
CategoryMatches match_category(const CocoGroups& groups, size_t category, AreaRange range);

}  // namespace sslbench
