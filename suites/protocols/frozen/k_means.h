// SPDX-License-Identifier: Apache-2.0
// Lloyd's iterations from k-means++ centres (Arthur, Vassilvitskii: "k-means++: The Advantages of Careful Seeding",
// SODA 2007). Shapes: N rows, D features, K clusters, M others.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace sslbench {

struct KMeansSettings {
  int64_t clusters = 0, restarts = 1, iterations = 100;
  uint64_t seed = 0;
  std::function<bool()> stop = [] { return false; };  // asked every iteration; true ends with Interrupted
};

struct KMeans {
  at::Tensor centre_KD;
  double inertia = 0;  // sum of squared distances to the nearest centre

  at::Tensor nearest(const at::Tensor& x_MD) const;  // int64, the lower of equally near ones
};

// The restart of lowest inertia. A cluster that lost all its rows starts again at the row farthest from its centre.
// InternalError unless 1 <= clusters <= N.
KMeans k_means(const at::Tensor& x_ND, const KMeansSettings& settings);

}  // namespace sslbench
