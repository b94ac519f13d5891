// SPDX-License-Identifier: Apache-2.0
#include "methods/classifier.h"

#include "suites/tensors/aten.h"

namespace sslbench {

Classifier::Classifier(std::unique_ptr<Backbone> backbone, const std::string& head, int64_t classes,
                       at::Generator& generator)
    : backbone_(std::move(backbone)), head_(backbone_->width(), classes, generator) {
  add_child("", *backbone_);
  add_child(head, head_);
}

Tensor Classifier::operator()(const Tensor& x_NCHW) const { return head_(backbone_->features(x_NCHW)); }

}  // namespace sslbench
