// SPDX-License-Identifier: Apache-2.0
// Semantic segmentation over a whole data set: counts in int64, class 255 ignored, never a mean of per-image values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sslbench {

// Pixel counts [classes, classes]: rows truth, columns prediction.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes);

  // Counts the pixels of one or more label maps whose truth is not 255. A counted truth or prediction >= classes is a
  // UserError that names it; maps of different size are an InternalError.
  void add(std::span<const uint8_t> truth, std::span<const uint8_t> prediction);
  // Adds `times` copies of another matrix of the same classes.
  void add(const ConfusionMatrix& other, int64_t times = 1);

  int classes() const { return classes_; }
  int64_t at(int truth, int prediction) const { return counts_[static_cast<size_t>(truth * classes_ + prediction)]; }

 private:
  int classes_;
  std::vector<int64_t> counts_;
};

// NaN = undefined. `iou` of a class is TP / (truth + predicted - TP), undefined when it is in neither.
struct SegmentationScores {
  std::vector<double> iou, accuracy_per_class;
  double pixel_accuracy = 0;
  double miou = 0;                  // mmseg: over defined classes; predicted but absent = 0, counted
  double miou_present_only = 0;     // detectron2: over classes with truth
  double mean_accuracy = 0;         // over classes with truth
  double fwiou = 0;                 // IoU weighted by the share of truth pixels
  std::vector<int> absent_classes;  // without truth
};

SegmentationScores segmentation_scores(const ConfusionMatrix& confusion);

struct SegmentationReplicates {
  std::vector<double> miou, pixel_accuracy;
};

// Bootstrap over test images (suites/metrics/bootstrap.h) from one confusion matrix an image, in image order.
SegmentationReplicates bootstrap_segmentation(std::span<const ConfusionMatrix> images, int replicates);

// IoU of class boundaries (Cheng et al., "Boundary IoU", CVPR 2021) on binary masks: boundary = mask minus its erosion
// by d steps of 3x3 with the outside empty; intersections and unions are summed over images.
class BoundaryIou {
 public:
  explicit BoundaryIou(int classes);

  // d = max(1, round(0.02 sqrt(height^2 + width^2))) pixels.
  static int radius(int height, int width);

  // Adds one image; pixels of truth 255 belong to no class in both maps. Ids as in ConfusionMatrix::add.
  void add(int height, int width, std::span<const uint8_t> truth, std::span<const uint8_t> prediction);

  // Per class; NaN where both boundaries are empty.
  std::vector<double> iou() const;
  // Over defined classes; NaN without any.
  double mean() const;

 private:
  std::vector<int64_t> shared_, either_;
};

}  // namespace sslbench
