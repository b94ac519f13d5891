// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbone.h"
#include "methods/layers.h"

namespace sslbench {

// A backbone and the linear layer that its published network ends in, under the published names: the backbone's own
// (without prefix), then "<head>.weight" and "<head>.bias" with head = BackboneEntry::head ("fc", "head", "linear").
class Classifier final : public Module {
 public:
  Classifier(std::unique_ptr<Backbone> backbone, const std::string& head, int64_t classes, at::Generator& generator);
  // Logits [N, classes] of the backbone's features.
  Tensor operator()(const Tensor& x_NCHW) const;
  const Backbone& backbone() const { return *backbone_; }

 private:
  std::unique_ptr<Backbone> backbone_;
  Linear head_;
};

}  // namespace sslbench
