// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

struct SphericalClusters {
  at::Tensor centroids_KD, assignments_N;  // unit rows; int64
};

// k-means by cosine (Dhillon, Modha: "Concept Decompositions for Large Sparse Text Data Using Clustering", Machine
// Learning 42, 2001): `iterations` times every row goes to the centroid of the largest dot product (the lowest of equal
// ones) and centroids become their members' mean (an empty one stays), of unit length; then rows are assigned once
// more. No gradient. unit_ND: rows of unit length; init_K: the rows that start as centroids, int64.
SphericalClusters spherical_kmeans(const at::Tensor& unit_ND, const at::Tensor& init_K, int64_t iterations);

}  // namespace sslbench
