// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "methods/layers.h"

namespace sslbench {

// Projector or predictor: Linear - BatchNorm - ReLU, ..., Linear [- BatchNorm]. `widths` = in, hidden.., out.
// Linear layers before a norm have no bias.
class MlpHead final : public Module {
 public:
  MlpHead(const std::vector<int64_t>& widths, bool last_norm, at::Generator& generator);
  Tensor operator()(const Tensor& x_ND) const;

 private:
  struct Step {
    std::unique_ptr<Linear> linear;
    std::unique_ptr<BatchNorm> norm;  // absent after the last layer without norm
  };
  std::vector<Step> steps_;
};

}  // namespace sslbench
