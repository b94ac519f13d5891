// SPDX-License-Identifier: Apache-2.0
// Losses that keep the dimensions of projections apart.
#include "tests/golden/golden_op.h"

namespace sslbench {

namespace barlow_twins {
struct Correlation {
  Tensor loss, matrix_DD;
};
Correlation redundancy_loss(const Tensor& z1_ND, const Tensor& z2_ND, double lambda, double scale, double eps);
}  // namespace barlow_twins
namespace vicreg {
struct Weights {
  double invariance, variance, covariance;
  double eps;
  bool halve_variance;
};
struct Terms {
  Tensor loss, invariance, variance, covariance;
};
Terms vicreg_loss(const Tensor& z1_ND, const Tensor& z2_ND, const Weights& weights);
}  // namespace vicreg
namespace w_mse {
Tensor whitened_mse(const std::vector<Tensor>& views_ND, const Tensor& permutations_IN, int64_t w_size, double eps,
                    bool normalize);
}
namespace tico {
struct Step {
  Tensor loss, covariance_DD;
};
Step invariance_and_contrast(const Tensor& z1_ND, const Tensor& z2_ND, const Tensor& covariance_DD, double beta,
                             double rho, bool detach_batch);
}  // namespace tico
namespace mmcr {
Tensor local_nuclear(const Tensor& z_NVD);
Tensor global_nuclear(const Tensor& z_NVD, const Tensor& z_momentum_NVD);
Tensor manifold_capacity_loss(const Tensor& z_NVD, const Tensor& z_momentum_NVD, double lambda);
}  // namespace mmcr

namespace {

GoldenOutput barlow_twins_loss(const GoldenCall& call) {
  const auto found =
      barlow_twins::redundancy_loss(call["z1"], call["z2"], call.real("lambda"), call.real("scale"), call.real("eps"));
  return {{"loss", found.loss}, {"correlation", found.matrix_DD}};
}

GoldenOutput vicreg_loss(const GoldenCall& call) {
  const std::string reduction = call.choice("variance_reduction", {"mean", "sum"});
  const auto terms = vicreg::vicreg_loss(
      call["z1"], call["z2"],
      {call.real("sim_coeff"), call.real("std_coeff"), call.real("cov_coeff"), call.real("eps"), reduction == "mean"});
  return {{"loss", terms.loss},
          {"invariance", terms.invariance},
          {"variance", terms.variance},
          {"covariance", terms.covariance}};
}

GoldenOutput w_mse_loss(const GoldenCall& call) {
  return {{"loss", w_mse::whitened_mse({call["z1"], call["z2"]}, call["permutations"], call.integer("w_size"),
                                       call.real("eps"), call.flag("normalize"))}};
}

GoldenOutput tico_loss(const GoldenCall& call) {
  const auto step = tico::invariance_and_contrast(call["z1"], call["z2"], call["covariance"], call.real("beta"),
                                                  call.real("rho"), call.flag("detach_batch"));
  return {{"loss", step.loss}, {"covariance", step.covariance_DD}};
}

GoldenOutput mmcr_loss(const GoldenCall& call) {
  return {{"loss", mmcr::manifold_capacity_loss(call["z"], {}, call.real("lambda"))},
          {"local_nuclear", mmcr::local_nuclear(call["z"])},
          {"global_nuclear", mmcr::global_nuclear(call["z"], {})}};
}

GoldenOutput mmcr_momentum_loss(const GoldenCall& call) {
  return {{"loss", mmcr::manifold_capacity_loss(call["z"], call["z_momentum"], call.real("lambda"))}};
}

const bool registered = add_golden_ops({{"barlow_twins", barlow_twins_loss},
                                        {"vicreg", vicreg_loss},
                                        {"w_mse", w_mse_loss},
                                        {"tico", tico_loss},
                                        {"mmcr", mmcr_loss},
                                        {"mmcr_momentum", mmcr_momentum_loss}});

}  // namespace
}  // namespace sslbench
