// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/feature_scale.h"

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor FeatureScale::operator()(const at::Tensor& h_ND) const {
  return mean_D.defined() ? (h_ND - mean_D) / deviation_D : h_ND;
}

FeatureScale scale_of(const at::Tensor& h_ND, bool standardise) {
  if (!standardise) return {};
  return {h_ND.mean(0), h_ND.std(0).clamp_min(1e-6)};
}

Features some_of(const Features& features, const std::vector<int64_t>& images) {
  const at::Tensor index = at::tensor(images, at::kLong).to(features.h_ND.device());
  return {features.h_ND.index_select(0, index), features.labels_N.index_select(0, index), features.images_per_second};
}

}  // namespace sslbench
