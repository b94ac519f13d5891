// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/linear_objective.h"

#include <limits>

#include "suites/ground/error.h"
#include "suites/protocols/frozen/start_curvature.h"
#include "suites/tensors/aten.h"

namespace sslbench {

using at::Tensor;

namespace {

// Sums of losses and errors [C, N] of the scores.
std::pair<Tensor, Tensor> loss_and_error(LinearLoss loss, const Tensor& z_CN, const Tensor& target_CN,
                                         const Tensor& known_CN) {
  if (loss == LinearLoss::softmax) {
    const Tensor log_p_CN = at::log_softmax(z_CN, 0);
    return {-(log_p_CN * target_CN).sum(at::kDouble), log_p_CN.exp().sub_(target_CN)};
  }
  Tensor each_CN = z_CN.clamp_min(0) + (-z_CN.abs()).exp().log1p() - target_CN * z_CN;
  Tensor error_CN = z_CN.sigmoid() - target_CN;
  if (known_CN.defined()) each_CN = each_CN * known_CN, error_CN = error_CN * known_CN;
  return {each_CN.sum(at::kDouble), error_CN};
}

}  // namespace

double ObjectivePoint::steepest() const { return gradient_CE.abs().max().item<double>(); }

LinearObjective::LinearObjective(const LinearTask& task) : loss_(task.loss) {
  require(task.x_ND.scalar_type() == at::kDouble && task.target_NC.scalar_type() == at::kDouble, "float64");
  const auto turned = [](const Tensor& of_NC) { return of_NC.defined() ? of_NC.t().contiguous() : of_NC; };
  const auto rounded = [](const Tensor& of) { return of.defined() ? of.to(at::kFloat) : of; };
  exact_ = {task.x_ND, turned(task.target_NC), turned(task.known_NC)};
  quick_ = {rounded(exact_.x_ND), rounded(exact_.target_CN), rounded(exact_.known_CN)};
  moment_EE_ = second_moment(task.x_ND);
  // Entries are means over images of error times feature.
  const double spread = task.x_ND.numel() == 0 ? 0 : task.x_ND.square().mean().sqrt().item<double>();
  least_told_ = 32.0 * std::numeric_limits<float>::epsilon() * std::max(1.0, spread);
}

Tensor LinearObjective::zero() const {
  return at::zeros({exact_.target_CN.size(0), exact_.x_ND.size(1) + 1}, exact_.x_ND.options());
}

// Softmax gives every class 1 / C at zero: along all directions that its gradients have.
double LinearObjective::curvature_of_scores() const {
  return loss_ == LinearLoss::softmax ? 1 / static_cast<double>(exact_.target_CN.size(0)) : 0.25;
}

ObjectivePoint LinearObjective::at(const Tensor& theta_CE, double c, Rounding rounding) const {
  const Data& of = data(rounding);
  const int64_t D = of.x_ND.size(1);
  const double per_image = 1.0 / static_cast<double>(images()), penalty = per_image / c;
  const Tensor seen_CE = theta_CE.to(of.x_ND.scalar_type());
  const Tensor z_CN = at::addmm(seen_CE.narrow(1, D, 1), seen_CE.narrow(1, 0, D), of.x_ND.t());
  const auto [loss, error_CN] = loss_and_error(loss_, z_CN, of.target_CN, of.known_CN);
  const Tensor weight_CD = theta_CE.narrow(1, 0, D), gradient_CE = at::empty_like(theta_CE);
  gradient_CE.narrow(1, 0, D).copy_(error_CN.mm(of.x_ND)).mul_(per_image).add_(weight_CD, penalty);
  gradient_CE.narrow(1, D, 1).copy_(error_CN.sum(1, /*keepdim=*/true, at::kDouble)).mul_(per_image);
  const Tensor value = loss * per_image + weight_CD.square().sum() * (penalty / 2);
  return {theta_CE, gradient_CE, value.item<double>()};
}

}  // namespace sslbench
