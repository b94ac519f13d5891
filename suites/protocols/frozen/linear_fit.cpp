// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/linear_fit.h"

#include <cmath>
#include <deque>
#include <limits>

#include "suites/ground/error.h"
#include "suites/protocols/frozen/start_curvature.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr size_t kMemory = 10;  // pairs of steps that stand for the curvature
constexpr int kMostTries = 40;  // of one line search
constexpr double kArmijo = 1e-4, kWolfe = 0.9;

struct Point {
  Tensor theta_EC, gradient_EC;
  double value = 0;
};

// The objective over C N and its gradient.
Point at_theta(const LinearTask& task, double c, const Tensor& theta_EC) {
  const int64_t N = task.x_ND.size(0), D = task.x_ND.size(1);
  const double per_image = 1.0 / static_cast<double>(N), penalty = per_image / c;
  const Tensor weight_DC = theta_EC.narrow(0, 0, D), bias_C = theta_EC[D];
  const Tensor z_NC = at::addmm(bias_C, task.x_ND, weight_DC);
  Tensor loss, error_NC;
  if (task.loss == LinearLoss::softmax) {
    const Tensor log_p_NC = at::log_softmax(z_NC, 1);
    loss = -(log_p_NC * task.target_NC).sum();
    error_NC = log_p_NC.exp() - task.target_NC;
  } else {
    Tensor each_NC = z_NC.clamp_min(0) + (-z_NC.abs()).exp().log1p() - task.target_NC * z_NC;
    error_NC = z_NC.sigmoid() - task.target_NC;
    if (task.known_NC.defined()) each_NC = each_NC * task.known_NC, error_NC = error_NC * task.known_NC;
    loss = each_NC.sum();
  }
  const Tensor gradient_EC = at::empty_like(theta_EC);
  gradient_EC.narrow(0, 0, D).copy_(task.x_ND.t().mm(error_NC) * per_image + weight_DC * penalty);
  gradient_EC[D].copy_(error_NC.sum(0) * per_image);
  const Tensor value = loss * per_image + weight_DC.square().sum() * (penalty / 2);
  return {theta_EC, gradient_EC, value.item<double>()};
}

double product(const Tensor& a, const Tensor& b) { return (a * b).sum().item<double>(); }

// The inverse curvature that past steps tell of, times the gradient: two loops over the pairs.
class Memory {
 public:
  explicit Memory(StartCurvature start) : start_(std::move(start)) {}
  Tensor direction(const Tensor& gradient_EC) const {
    Tensor q = gradient_EC.clone();
    std::vector<double> alpha(pairs_.size());
    for (size_t i = pairs_.size(); i-- > 0;) {
      alpha[i] = product(pairs_[i].step, q) / pairs_[i].bent;
      q = q - pairs_[i].change * alpha[i];
    }
    q = start_.step(q);
    if (!pairs_.empty()) {
      const Tensor& change = pairs_.back().change;
      q = q * (pairs_.back().bent / product(change, start_.step(change)));
    }
    for (size_t i = 0; i < pairs_.size(); ++i) {
      q = q + pairs_[i].step * (alpha[i] - product(pairs_[i].change, q) / pairs_[i].bent);
    }
    return -q;
  }
  void add(const Tensor& step, const Tensor& change) {
    const double bent = product(step, change);
    if (!(bent > 0)) return;  // rounding
    pairs_.push_back({step, change, bent});
    if (pairs_.size() > kMemory) pairs_.pop_front();
  }
  // Of the first step along a direction.
  double length(const Tensor& gradient_EC) const {
    return pairs_.empty() && !start_.known() ? 1 / std::sqrt(product(gradient_EC, gradient_EC)) : 1.0;
  }

 private:
  struct Pair {
    Tensor step, change;
    double bent;  // step x change
  };
  StartCurvature start_;
  std::deque<Pair> pairs_;
};

// The point along the direction where both Wolfe conditions hold, between halves and doubles; where rounding leaves
// none, the one it started from.
Point search_line(const LinearTask& task, double c, const Point& from, const Tensor& direction, double first) {
  const double slope = product(from.gradient_EC, direction);
  double low = 0, high = std::numeric_limits<double>::infinity(), length = first;
  Point best = from;
  for (int i = 0; i < kMostTries; ++i) {
    Point there = at_theta(task, c, from.theta_EC + direction * length);
    if (!(there.value <= from.value + kArmijo * length * slope)) {
      high = length;
    } else {
      best = there;
      if (product(there.gradient_EC, direction) >= kWolfe * slope) return best;
      low = length;
    }
    length = std::isfinite(high) ? (low + high) / 2 : 2 * length;
  }
  return best;
}

}  // namespace

Tensor LinearFit::scores(const Tensor& x_MD) const {
  const int64_t D = x_MD.size(1);
  return at::addmm(theta_EC[D], x_MD, theta_EC.narrow(0, 0, D));
}

namespace {

// Of the scores at zero, where softmax gives every class 1 / C: along all directions that its gradients have.
double curvature_of_scores(const LinearTask& task) {
  return task.loss == LinearLoss::softmax ? 1 / static_cast<double>(task.target_NC.size(1)) : 0.25;
}

// `moment_EE` of the task.
LinearFit fit_from(const LinearTask& task, const Tensor& moment_EE, double c, const FitLimits& limits,
                   const LinearFit* start) {
  require(c > 0 && task.x_ND.scalar_type() == at::kDouble && task.target_NC.scalar_type() == at::kDouble,
          "a penalty above 0 and float64");
  const Tensor zero_EC = at::zeros({task.x_ND.size(1) + 1, task.target_NC.size(1)}, task.x_ND.options());
  Point here = at_theta(task, c, start == nullptr ? zero_EC : start->theta_EC);
  LinearFit out;
  const double penalty = 1 / (c * static_cast<double>(task.x_ND.size(0)));
  Memory memory({moment_EE, curvature_of_scores(task), penalty});
  for (; out.steps < limits.steps; ++out.steps) {
    const double steepest = here.gradient_EC.abs().max().item<double>();
    if (!std::isfinite(steepest)) throw RunFailure(FailureKind::non_finite, "a linear fit's gradient is not finite");
    out.converged = steepest <= limits.tolerance;
    if (out.converged) break;
    if (limits.stop()) throw Interrupted{};
    const Tensor direction = memory.direction(here.gradient_EC);
    Point next = search_line(task, c, here, direction, memory.length(here.gradient_EC));
    if (next.value >= here.value) break;  // as low as rounding lets it come
    memory.add(next.theta_EC - here.theta_EC, next.gradient_EC - here.gradient_EC);
    here = std::move(next);
  }
  out.theta_EC = here.theta_EC;
  return out;
}

}  // namespace

LinearFit fit_linear(const LinearTask& task, double c, const FitLimits& limits, const LinearFit* start) {
  const at::NoGradGuard no_grad;
  return fit_from(task, second_moment(task.x_ND), c, limits, start);
}

PenaltyTrials try_penalties(const LinearTask& task, const std::vector<double>& grid, const FitLimits& limits,
                            const std::function<double(const LinearFit&)>& judge) {
  const at::NoGradGuard no_grad;
  const Tensor moment_EE = second_moment(task.x_ND);
  PenaltyTrials out;
  LinearFit last;
  for (size_t i = 0; i < grid.size(); ++i) {
    last = fit_from(task, moment_EE, grid[i], limits, i == 0 ? nullptr : &last);
    out.value.push_back(judge(last));
    if (i > 0 && !(out.value[i] > out.value[out.best])) continue;
    out.best = i;
    out.fit = last;
  }
  return out;
}

}  // namespace sslbench
