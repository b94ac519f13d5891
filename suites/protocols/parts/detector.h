// SPDX-License-Identifier: Apache-2.0
// One-stage detector: backbone, feature pyramid, FCOS head. Shapes: N images, P points, K classes.
#pragma once

#include <memory>
#include <vector>

#include "methods/backbone.h"
#include "methods/method.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/parts/dense_maps.h"
#include "suites/protocols/parts/fcos_head.h"
#include "suites/protocols/parts/fcos_points.h"
#include "suites/protocols/parts/fpn.h"
#include "suites/protocols/parts/nms.h"

namespace sslbench {

struct DetectorSettings {
  int64_t channels = 64, convs = 2;    // of the pyramid; 3x3 convolutions of each tower
  int64_t min_stride = 4, levels = 3;  // outputs at strides min_stride, 2 min_stride, ...
  bool p6_from_c5 = false;             // missing coarse levels start from the backbone's map (RetinaNet), not from P5
  double size_factor = 4, center_radius = 1.5;
  double score_threshold = 0.05, nms_threshold = 0.6;
  int64_t keep = 100;  // boxes an image
};

class Detector final : public Module {
 public:
  // UserError when the backbone has no map of a stride >= min_stride.
  Detector(std::unique_ptr<Backbone> backbone, int64_t classes, const DetectorSettings& settings,
           at::Generator& generator);

  // FCOS loss of a batch: focal (alpha 0.25, gamma 2) + GIoU + centre-ness, each summed and divided by the number of
  // positive points of the batch (at least 1), as torchvision does.
  Loss loss(const DenseBatch& batch) const;

  // Boxes of every image of x_NCHW in its pixels: score sqrt(class x centre-ness) above the threshold, the best 1,000
  // before and `keep` after suppression, clipped to the image.
  std::vector<std::vector<ScoredBox>> detect(const Tensor& x_NCHW) const;

 private:
  struct Forward {
    FcosOutput head;
    Points points;
  };
  Forward forward(const Tensor& x_NCHW) const;

  DetectorSettings settings_;
  std::unique_ptr<Backbone> backbone_;
  DenseMaps maps_;                // that feed the pyramid
  std::vector<int64_t> strides_;  // of the outputs
  std::unique_ptr<FeaturePyramid> pyramid_;
  std::unique_ptr<FcosHead> head_;
};

}  // namespace sslbench
