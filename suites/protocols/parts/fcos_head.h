// SPDX-License-Identifier: Apache-2.0
// The head of FCOS. Tian, Shen, Chen, He: "FCOS: Fully Convolutional One-Stage Object Detection", ICCV 2019,
// arXiv:1904.01355; names and arithmetic of torchvision's FCOSHead. Shapes: N images, P points of all levels, K
// classes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/layers.h"

namespace sslbench {

struct FcosOutput {
  Tensor logits_NPK;
  Tensor ltrb_NP4;        // distances to the box sides in units of the level's stride, >= 0
  Tensor centerness_NP1;  // logits
};

// `convs` x (3x3 convolution, GroupNorm, ReLU), shared over levels.
class FcosTower final : public Module {
 public:
  FcosTower(int64_t channels, int64_t convs, at::Generator& generator);
  Tensor operator()(const Tensor& x) const;

 private:
  std::vector<std::unique_ptr<Conv2d>> convs_;
  std::vector<std::unique_ptr<GroupNorm>> norms_;
};

class FcosHead final : public Module {
 public:
  FcosHead(int64_t channels, int64_t classes, int64_t convs, at::Generator& generator);
  // Maps fine to coarse; points of all levels one after the other, row-major inside a level.
  FcosOutput operator()(const std::vector<Tensor>& maps) const;

 private:
  // Two sub-heads, so that names are torchvision's: classification_head.*, regression_head.*
  struct Branch final : Module {
    Branch(int64_t channels, int64_t convs, const std::vector<std::pair<std::string, int64_t>>& outputs,
           at::Generator& generator);
    FcosTower tower;
    std::vector<std::unique_ptr<Conv2d>> outputs_;
  };
  Branch classification_, regression_;
};

}  // namespace sslbench
