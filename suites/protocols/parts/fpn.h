// SPDX-License-Identifier: Apache-2.0
// Feature pyramid network. Lin et al., CVPR 2017, arXiv:1612.03144; names and arithmetic of torchvision's
// FeaturePyramidNetwork and LastLevelP6P7.
#pragma once

#include <memory>
#include <vector>

#include "methods/layers.h"

namespace sslbench {

class FeaturePyramid final : public Module {
 public:
  // in_channels: of the backbone's maps, fine to coarse; extra_levels (0 to 2): P6 and P7 by convolutions of stride 2,
  // P6 from P5 as in FCOS, or from the backbone's coarsest map as in RetinaNet.
  FeaturePyramid(const std::vector<int64_t>& in_channels, int64_t out_channels, int64_t extra_levels,
                 at::Generator& generator, bool p6_from_c5 = false);
  // Maps fine to coarse -> as many, plus the extra ones, of out_channels each.
  std::vector<Tensor> operator()(const std::vector<Tensor>& maps) const;

 private:
  bool p6_from_c5_;
  std::vector<std::unique_ptr<Conv2d>> inner_, layer_, extra_;
};

}  // namespace sslbench
