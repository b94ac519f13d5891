// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "methods/backbone.h"
#include "methods/parts/mlp_head.h"

namespace sslbench {

// z = projector(backbone(x)) and p = predictor(z) of every view: V x [N, D], float32 (the predictor keeps the width).
struct Predictions {
  std::vector<Tensor> z, p;
};

// `together` as in through_views().
Predictions predictions_of(const std::vector<Tensor>& views, bool together, const Backbone& backbone,
                           const MlpHead& projector, const MlpHead& predictor);

}  // namespace sslbench
