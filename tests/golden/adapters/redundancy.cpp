// SPDX-License-Identifier: Apache-2.0
// Losses that keep the dimensions of projections apart.
#include "methods/barlow_twins.h"
#include "methods/mmcr.h"
#include "methods/tico.h"
#include "methods/vicreg.h"
#include "methods/w_mse.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
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
