// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/momentum_branch.h"

#include "suites/tensors/aten.h"

namespace sslbench {

MomentumBranch::MomentumBranch(const MethodRequest& request, Backbone& backbone, MlpHead& projector)
    : backbone_(request.twin()),
      projector_(head_shape(request.settings, "", backbone.width()), request.generator),
      pairs_(momentum_buffers(request.settings)),
      schedule_(request.settings) {
  pairs_.follow(backbone, *backbone_);
  pairs_.follow(projector, projector_);
  add_child("momentum_backbone", *backbone_);
  add_child("momentum_projector", projector_);
}

Tensor MomentumBranch::operator()(const Tensor& x_NCHW) const {
  const at::NoGradGuard no_grad;
  return projector_(backbone_->features(x_NCHW));
}

}  // namespace sslbench
