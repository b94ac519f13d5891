// SPDX-License-Identifier: Apache-2.0
// Segmentation by a memory of labelled patches, as open-hummingbird evaluates it (suites/metrics/dense/patch_labels.h).
#pragma once

#include <cstdint>
#include <vector>

#include "suites/metrics/dense/patch_labels.h"
#include "suites/metrics/matrix.h"
#include "suites/metrics/neighbours/nearest_neighbours.h"
#include "suites/metrics/segmentation.h"

namespace sslbench {

struct PatchVotes {
  Neighbours near;  // by cosine
  Matrix share;     // [queries, classes]: the neighbours' labels, weighted by the softmax of their cosine / temperature
};

// `memory` and `queries` need no unit length. InternalError unless 1 <= k <= memory rows and sizes agree.
PatchVotes patch_votes(const Matrix& memory, const Matrix& memory_labels, const Matrix& queries, size_t k,
                       double temperature, size_t threads = 1);

// The class shares of one image's patches at every pixel: bilinear, half-pixel centres, edges held.
class EnlargedShares {
 public:
  // `first`: the row of the image's first patch. `share` must outlive this.
  EnlargedShares(const Matrix& share, size_t first, const PatchGrid& grid)
      : share_(share), first_(first), grid_(grid) {}

  // Of all classes at a pixel. Of the largest one alone: enlarged_labels().
  void at(size_t y, size_t x, std::vector<double>& out) const;

 private:
  const Matrix& share_;
  size_t first_;
  PatchGrid grid_;
};

struct PatchSegmentation {
  std::vector<double> iou;    // 0 where a class is neither in truth nor predicted
  std::vector<bool> present;  // in either
  double miou = 0;            // over all classes
  double miou_present = 0;    // over those present; NaN without any
  // Predicted classes matched one to one to true ones by the largest sum of IoU, then over all classes: what
  // open-hummingbird prints.
  double miou_hungarian = 0;
};
PatchSegmentation patch_segmentation(const ConfusionMatrix& confusion);

}  // namespace sslbench
