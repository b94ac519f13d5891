// SPDX-License-Identifier: Apache-2.0
// Average precision of boxes or masks by pycocotools' COCOeval, to the letter: its stable orders, its inclusive area
// ranges, its recall thresholds one ulp above i/100, and its treatment of truth id 0 (reads as unmatched) and of
// repeated ids.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "suites/ground/run_length_mask.h"

namespace sslbench {

// A mask with its box and area, which matching asks for again and again.
struct CocoMask {
  RunLengthMask runs;
  std::array<double, 4> box{};
  double area = 0;
};
std::shared_ptr<const CocoMask> coco_mask(RunLengthMask runs);

// Boxes are x, y, width, height in pixels. `area` decides the size range (for COCO: of the mask, not of the box).
// Truths and detections either all have a mask, then masks are compared, or none has.
struct CocoTruth {
  int64_t image = 0, id = 0, category = 0;
  std::array<double, 4> box{};
  double area = 0;
  bool crowd = false;
  std::shared_ptr<const CocoMask> mask;
};

struct CocoDetection {
  int64_t image = 0, category = 0;
  std::array<double, 4> box{};
  double score = 0;
  std::shared_ptr<const CocoMask> mask;

  // Of the mask, else of the box.
  double area() const { return mask ? mask->area : box[2] * box[3]; }
};

// Truths and detections are in file order, which breaks ties. Give truths ids from 1 upwards unless a file says
// otherwise.
struct CocoInput {
  std::vector<int64_t> images, categories;  // ids, any order
  std::vector<CocoTruth> truths;
  std::vector<CocoDetection> detections;    // of a category not listed: dropped
  std::array<int, 3> max_dets{1, 10, 100};  // an image and category
};

struct CategoryAp {
  int64_t category = 0;
  double ap = -1, ap50 = -1;
};

// -1 = no truth to find. `ap` is also -1 when the largest limit is not 100, as in pycocotools.
struct CocoScores {
  double ap = -1, ap50 = -1, ap75 = -1, ap_small = -1, ap_medium = -1, ap_large = -1;
  std::array<double, 3> ar{-1, -1, -1};  // average recall at each of max_dets
  double ar_small = -1, ar_medium = -1, ar_large = -1;
  std::vector<CategoryAp> per_category;  // by category id
};

// Throws UserError for a score that is not finite, a detection on an image that is not listed, and masks of different
// size on one image. The same numbers for any number of threads.
CocoScores coco_scores(const CocoInput& input, size_t threads = 1);

// Replicates of ap, ap50 and ap75 over resampled images (suites/metrics/bootstrap.h; image number = place of its id in
// ascending order). Matching is done once; an image drawn m times counts m times. NaN in a replicate without truths.
struct ApReplicates {
  std::vector<double> ap, ap50, ap75;
};
ApReplicates bootstrap_ap(const CocoInput& input, int replicates);

}  // namespace sslbench
