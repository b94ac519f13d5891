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

// What every fit of a task shares. Class by class, as products with few classes are fastest: twice as fast as image by
// image.
struct Prepared {
  LinearLoss loss;
  Tensor x_ND, target_CN, known_CN, moment_EE;
};

Prepared prepared(const LinearTask& task) {
  require(task.x_ND.scalar_type() == at::kDouble && task.target_NC.scalar_type() == at::kDouble, "float64");
  const auto turned = [](const Tensor& of_NC) { return of_NC.defined() ? of_NC.t().contiguous() : of_NC; };
  return {task.loss, task.x_ND, turned(task.target_NC), turned(task.known_NC), second_moment(task.x_ND)};
}

struct Point {
  Tensor theta_CE, gradient_CE;
  double value = 0;
};

// The objective over C N and its gradient.
Point at_theta(const Prepared& task, double c, const Tensor& theta_CE) {
  const int64_t N = task.x_ND.size(0), D = task.x_ND.size(1);
  const double per_image = 1.0 / static_cast<double>(N), penalty = per_image / c;
  const Tensor weight_CD = theta_CE.narrow(1, 0, D), bias_C1 = theta_CE.narrow(1, D, 1);
  const Tensor z_CN = at::addmm(bias_C1, weight_CD, task.x_ND.t());
  Tensor loss, error_CN;
  if (task.loss == LinearLoss::softmax) {
    const Tensor log_p_CN = at::log_softmax(z_CN, 0);
    loss = -(log_p_CN * task.target_CN).sum();
    error_CN = log_p_CN.exp().sub_(task.target_CN);
  } else {
    Tensor each_CN = z_CN.clamp_min(0) + (-z_CN.abs()).exp().log1p() - task.target_CN * z_CN;
    error_CN = z_CN.sigmoid() - task.target_CN;
    if (task.known_CN.defined()) each_CN = each_CN * task.known_CN, error_CN = error_CN * task.known_CN;
    loss = each_CN.sum();
  }
  const Tensor gradient_CE = at::empty_like(theta_CE);
  gradient_CE.narrow(1, 0, D).copy_(error_CN.mm(task.x_ND) * per_image + weight_CD * penalty);
  gradient_CE.narrow(1, D, 1).copy_(error_CN.sum(1, /*keepdim=*/true) * per_image);
  const Tensor value = loss * per_image + weight_CD.square().sum() * (penalty / 2);
  return {theta_CE, gradient_CE, value.item<double>()};
}

double product(const Tensor& a, const Tensor& b) { return (a * b).sum().item<double>(); }

// The inverse curvature that past steps tell of, times the gradient: two loops over the pairs.
class Memory {
 public:
  explicit Memory(StartCurvature start) : start_(std::move(start)) {}
  Tensor direction(const Tensor& gradient_CE) const {
    Tensor q = gradient_CE.clone();
    std::vector<double> alpha(pairs_.size());
    for (size_t i = pairs_.size(); i-- > 0;) {
      alpha[i] = product(pairs_[i].step, q) / pairs_[i].bent;
      q = q - pairs_[i].change * alpha[i];
    }
    q = start_inverse(q);
    if (!pairs_.empty()) {
      const Tensor& change = pairs_.back().change;
      q = q * (pairs_.back().bent / product(change, start_inverse(change)));
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
  double length(const Tensor& gradient_CE) const {
    return pairs_.empty() && !start_.known() ? 1 / std::sqrt(product(gradient_CE, gradient_CE)) : 1.0;
  }

 private:
  struct Pair {
    Tensor step, change;
    double bent;  // step x change
  };
  Tensor start_inverse(const Tensor& q_CE) const { return start_.step(q_CE.t()).t(); }

  StartCurvature start_;
  std::deque<Pair> pairs_;
};

// The point along the direction where both Wolfe conditions hold, between halves and doubles; where rounding leaves
// none, the one it started from.
Point search_line(const Prepared& task, double c, const Point& from, const Tensor& direction, double first) {
  const double slope = product(from.gradient_CE, direction);
  double low = 0, high = std::numeric_limits<double>::infinity(), length = first;
  Point best = from;
  for (int i = 0; i < kMostTries; ++i) {
    Point there = at_theta(task, c, from.theta_CE + direction * length);
    if (!(there.value <= from.value + kArmijo * length * slope)) {
      high = length;
    } else {
      best = there;
      if (product(there.gradient_CE, direction) >= kWolfe * slope) return best;
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
double curvature_of_scores(const Prepared& task) {
  return task.loss == LinearLoss::softmax ? 1 / static_cast<double>(task.target_CN.size(0)) : 0.25;
}

LinearFit fit_prepared(const Prepared& task, double c, const FitLimits& limits, const LinearFit* start) {
  require(c > 0, "a penalty above 0");
  const Tensor zero_CE = at::zeros({task.target_CN.size(0), task.x_ND.size(1) + 1}, task.x_ND.options());
  Point here = at_theta(task, c, start == nullptr ? zero_CE : start->theta_EC.t().contiguous());
  LinearFit out;
  const double penalty = 1 / (c * static_cast<double>(task.x_ND.size(0)));
  Memory memory({task.moment_EE, curvature_of_scores(task), penalty});
  for (; out.steps < limits.steps; ++out.steps) {
    const double steepest = here.gradient_CE.abs().max().item<double>();
    if (!std::isfinite(steepest)) throw RunFailure(FailureKind::non_finite, "a linear fit's gradient is not finite");
    out.converged = steepest <= limits.tolerance;
    if (out.converged) break;
    if (limits.stop()) throw Interrupted{};
    const Tensor direction = memory.direction(here.gradient_CE);
    Point next = search_line(task, c, here, direction, memory.length(here.gradient_CE));
    if (next.value >= here.value) break;  // as low as rounding lets it come
    memory.add(next.theta_CE - here.theta_CE, next.gradient_CE - here.gradient_CE);
    here = std::move(next);
  }
  out.theta_EC = here.theta_CE.t().contiguous();
  return out;
}

}  // namespace

LinearFit fit_linear(const LinearTask& task, double c, const FitLimits& limits, const LinearFit* start) {
  const at::NoGradGuard no_grad;
  return fit_prepared(prepared(task), c, limits, start);
}

PenaltyTrials try_penalties(const LinearTask& task, const std::vector<double>& grid, const FitLimits& limits,
                            const std::function<double(const LinearFit&)>& judge) {
  const at::NoGradGuard no_grad;
  const Prepared shared = prepared(task);
  PenaltyTrials out;
  LinearFit last;
  for (size_t i = 0; i < grid.size(); ++i) {
    last = fit_prepared(shared, grid[i], limits, i == 0 ? nullptr : &last);
    out.value.push_back(judge(last));
    if (i > 0 && !(out.value[i] > out.value[out.best])) continue;
    out.best = i;
    out.fit = last;
  }
  return out;
}

}  // namespace sslbench
