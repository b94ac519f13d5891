// SPDX-License-Identifier: Apache-2.0
// What classifiers see of features: the same for all images, by what is known of the training images alone.
// Shapes: N images, D features.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "suites/protocols/parts/features.h"

namespace sslbench {

struct FeatureScale {
  at::Tensor mean_D, deviation_D;  // undefined: features as they are
  at::Tensor operator()(const at::Tensor& h_ND) const;
};

// By mean and deviation of these features where asked to; a dead one stays 0.
FeatureScale scale_of(const at::Tensor& h_ND, bool standardise);

// Those of the images with these numbers.
Features some_of(const Features& features, const std::vector<int64_t>& images);

}  // namespace sslbench
