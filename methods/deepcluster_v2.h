// SPDX-License-Identifier: Apache-2.0
// The loss of methods/deepcluster_v2.cpp (arXiv:2006.09882, appendix D), which explains it. Shapes: V crops, N images,
// K clusters.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::deepcluster_v2 {

// Mean over crops and images of the whole batch of the cross entropy of scores_VNK / tau with each image's cluster
// (int64); images whose cluster is `ignored` count neither in the sum nor in the mean, which is 0 when there is none
// other.
at::Tensor cluster_loss(const at::Tensor& scores_VNK, const at::Tensor& clusters_N, double tau, int64_t ignored);

}  // namespace sslbench::deepcluster_v2
