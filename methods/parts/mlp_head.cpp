// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/mlp_head.h"

#include "datasets/batches/aten.h"

namespace sslbench {

MlpHead::MlpHead(const std::vector<int64_t>& widths, bool last_norm, at::Generator& generator) {
  for (size_t i = 0; i + 1 < widths.size(); ++i) {
    const bool norm = i + 2 < widths.size() || last_norm;
    Step step;
    step.linear = std::make_unique<Linear>(widths[i], widths[i + 1], generator, !norm);
    add_child("linear" + std::to_string(i + 1), *step.linear);
    if (norm) {
      step.norm = std::make_unique<BatchNorm>(widths[i + 1]);
      add_child("norm" + std::to_string(i + 1), *step.norm);
    }
    steps_.push_back(std::move(step));
  }
}

Tensor MlpHead::operator()(const Tensor& x_ND) const {
  Tensor x = x_ND;
  for (size_t i = 0; i < steps_.size(); ++i) {
    x = (*steps_[i].linear)(x);
    if (steps_[i].norm) x = (*steps_[i].norm)(x);
    if (i + 1 < steps_.size()) x = at::relu(x);
  }
  return x;
}

}  // namespace sslbench
