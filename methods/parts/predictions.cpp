// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/predictions.h"

#include "methods/parts/multi_crop.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {

Predictions predictions_of(const std::vector<Tensor>& views, bool together, const Backbone& backbone,
                           const MlpHead& projector, const MlpHead& predictor) {
  // Rows are view-major; the second dimension is 0 = projection, 1 = prediction.
  const Tensor both = through_views(views, together, [&](const Tensor& x_NCHW) {
    const Tensor z_ND = projector(backbone.features(x_NCHW));
    return at::stack({promoted(z_ND), promoted(predictor(z_ND))}, 1);
  });
  Predictions out;
  for (const Tensor& view : both.chunk(static_cast<int64_t>(views.size()))) {
    out.z.push_back(view.select(1, 0));
    out.p.push_back(view.select(1, 1));
  }
  return out;
}

}  // namespace sslbench
