// SPDX-License-Identifier: Apache-2.0
// The loss of methods/fastsiam.cpp (doi:10.1007/978-3-031-16788-1_4), which explains it. Shapes: V views, N images, D
// projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::fastsiam {

// -cos of every view's prediction p with the mean of the other views' projections z, which are averaged before they are
// normalised; mean over views and images. Targets are never differentiated.
at::Tensor mean_target_cosine(const at::Tensor& p_VND, const at::Tensor& z_VND);

}  // namespace sslbench::fastsiam
