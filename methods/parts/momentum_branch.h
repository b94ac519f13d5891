// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "methods/method.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/momentum.h"

namespace sslbench {

// Backbone and projector that follow the trained ones, as in MoCo and BYOL: exact copies at the start, moved by the
// options of momentum_options() after every step. Register it as a child without a name: its own children are
// momentum_backbone and momentum_projector.
class MomentumBranch final : public Module {
 public:
  // The projector is the one that head_shape(settings, "", width) describes; both followed modules must outlive this.
  MomentumBranch(const MethodRequest& request, Backbone& backbone, MlpHead& projector);
  // Projections [N, D] of images, without gradient.
  Tensor operator()(const Tensor& x_NCHW) const;
  // Once after every optimizer step, with the progress that counts it.
  void update(const Progress& progress) { pairs_.update(schedule_.at(progress)); }

 private:
  std::unique_ptr<Backbone> backbone_;
  MlpHead projector_;
  MomentumPairs pairs_;
  MomentumSchedule schedule_;
};

}  // namespace sslbench
