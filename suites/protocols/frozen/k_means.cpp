// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/k_means.h"

#include "suites/ground/error.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

using at::Tensor;

// |x|^2 - 2 x c + |c|^2, none below 0 by rounding.
Tensor squared_distances(const Tensor& x_ND, const Tensor& centre_KD) {
  const Tensor square_N1 = x_ND.square().sum(1, true), square_K = centre_KD.square().sum(1);
  return (square_N1 + square_K - 2 * x_ND.mm(centre_KD.t())).clamp_min(0);
}

// Each further centre a row drawn by its squared distance to those there are; where all are 0, any row.
Tensor first_centres(const Tensor& x_ND, int64_t K, RandomStream& random) {
  const int64_t N = x_ND.size(0);
  std::vector<int64_t> chosen = {static_cast<int64_t>(random.below(static_cast<uint32_t>(N)))};
  Tensor nearest_N = squared_distances(x_ND, x_ND.narrow(0, chosen[0], 1)).squeeze(1);
  while (static_cast<int64_t>(chosen.size()) < K) {
    const Tensor sums_N = nearest_N.to(at::kDouble).cumsum(0);
    const double total = sums_N[N - 1].item<double>(), drawn = static_cast<double>(random.uniform());
    const int64_t row = total > 0 ? sums_N.le(drawn * total).sum().item<int64_t>()
                                  : static_cast<int64_t>(drawn * static_cast<double>(N));
    chosen.push_back(std::min(row, N - 1));
    nearest_N = at::minimum(nearest_N, squared_distances(x_ND, x_ND.narrow(0, chosen.back(), 1)).squeeze(1));
  }
  return x_ND.index_select(0, at::tensor(chosen, at::kLong).to(x_ND.device()));
}

KMeans one_run(const Tensor& x_ND, const KMeansSettings& settings, RandomStream random) {
  const int64_t N = x_ND.size(0), K = settings.clusters;
  KMeans out{first_centres(x_ND, K, random)};
  Tensor known_N;
  for (int64_t i = 0; i <= settings.iterations; ++i) {
    if (settings.stop()) throw Interrupted{};
    const auto [distance_N, nearest_N] = squared_distances(x_ND, out.centre_KD).min(1);
    out.inertia = distance_N.sum().item<double>();
    if (i == settings.iterations || (known_N.defined() && nearest_N.equal(known_N))) break;
    known_N = nearest_N;
    const Tensor member_NK = at::one_hot(nearest_N, K).to(x_ND.scalar_type());
    const Tensor count_K1 = member_NK.sum(0).unsqueeze(1);
    Tensor centre_KD = member_NK.t().mm(x_ND) / count_K1.clamp_min(1);
    const Tensor empty_E = count_K1.squeeze(1).eq(0).nonzero().squeeze(1);
    const int64_t lost = std::min(empty_E.size(0), N);
    if (lost > 0) {
      const Tensor far_E = std::get<1>(at::topk(distance_N, lost));
      centre_KD.index_copy_(0, empty_E.narrow(0, 0, lost), x_ND.index_select(0, far_E));
    }
    out.centre_KD = centre_KD;
  }
  return out;
}

}  // namespace

Tensor KMeans::nearest(const Tensor& x_MD) const { return squared_distances(x_MD, centre_KD).argmin(1); }

KMeans k_means(const Tensor& x_ND, const KMeansSettings& settings) {
  const at::NoGradGuard no_grad;
  require(settings.clusters >= 1 && settings.clusters <= x_ND.size(0), "as many rows as clusters");
  KMeans best;
  for (int64_t n = 0; n < settings.restarts; ++n) {
    KMeans each = one_run(x_ND, settings, RandomStream(settings.seed, RandomUse::initial, static_cast<uint32_t>(n), 0));
    if (n == 0 || each.inertia < best.inertia) best = std::move(each);
  }
  return best;
}

}  // namespace sslbench
