// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/spherical_kmeans.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

constexpr int64_t kRowsAtOnce = 8192;  // bounds the memory of the dot products

at::Tensor nearest(const at::Tensor& unit_ND, const at::Tensor& centroids_KD) {
  std::vector<at::Tensor> parts;
  for (int64_t first = 0; first < unit_ND.size(0); first += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, unit_ND.size(0) - first);
    parts.push_back(at::mm(unit_ND.narrow(0, first, count), centroids_KD.t()).argmax(1));
  }
  return at::cat(parts);
}

// Rows of each of K clusters; bincount would look at the largest number on the host.
at::Tensor counts(const at::Tensor& own_N, int64_t K) {
  return at::zeros({K}, own_N.options()).scatter_add_(0, own_N, at::ones_like(own_N));
}

}  // namespace

SphericalClusters spherical_kmeans(const at::Tensor& unit_ND, const at::Tensor& init_K, int64_t iterations) {
  const at::NoGradGuard no_grad;
  SphericalClusters out{unit_ND.index_select(0, init_K), {}};
  const int64_t K = init_K.size(0);
  for (int64_t i = 0; i < iterations; ++i) {
    const at::Tensor own_N = nearest(unit_ND, out.centroids_KD);
    const at::Tensor sum_KD = at::zeros_like(out.centroids_KD).index_add_(0, own_N, unit_ND);
    const at::Tensor count_K1 = counts(own_N, K).to(unit_ND.scalar_type()).unsqueeze(1);
    out.centroids_KD = unit_rows(at::where(count_K1 > 0, sum_KD / count_K1.clamp_min(1), out.centroids_KD));
  }
  out.assignments_N = nearest(unit_ND, out.centroids_KD);
  return out;
}

}  // namespace sslbench
