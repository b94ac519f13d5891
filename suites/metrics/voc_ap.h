// SPDX-License-Identifier: Apache-2.0
// Average precision by the rules of Pascal VOC as detectron2 computes it (facebookresearch/detectron2,
// detectron2/evaluation/pascal_voc_evaluation.py): inclusive pixels, the truth of largest overlap is a detection's only
// candidate, overlap strictly above the threshold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sslbench {

// Boxes are x1, y1, x2, y2 in pixels, both ends inclusive.
struct VocTruth {
  size_t image = 0, category = 0;  // numbers from 0 on
  std::array<double, 4> box{};
  bool difficult = false;  // neither wanted nor wrong
};

struct VocDetection {
  size_t image = 0, category = 0;
  std::array<double, 4> box{};
  double score = 0;
};

inline constexpr size_t kVocThresholds = 10;  // 0.50, 0.55, .. 0.95

enum class VocArea {
  under_curve,  // VOC 2010 on: area under the falling envelope of precision
  eleven_point  // VOC 2007: mean at the recalls of numpy.arange(0, 1.1, 0.1), of which 3, 6 and 7 tenths lie one ulp
                // high
};

// NaN for a category without a truth that counts; 0 without detections.
struct VocScores {
  std::vector<std::array<double, kVocThresholds>> per_category;
  double map50 = 0, map75 = 0, map = 0;  // over categories with truth; NaN without any
};

// Equal scores keep the order of the list.
VocScores voc_scores(const std::vector<VocTruth>& truths, const std::vector<VocDetection>& detections,
                     size_t categories, VocArea area);

}  // namespace sslbench
