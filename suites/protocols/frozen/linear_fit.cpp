// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/linear_fit.h"

#include <cmath>
#include <deque>
#include <limits>

#include "suites/ground/error.h"
#include "suites/protocols/frozen/linear_objective.h"
#include "suites/protocols/frozen/start_curvature.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr size_t kMemory = 10;                       // pairs of steps that stand for the curvature
constexpr int kMostTries = 40, kMostQuickTries = 8;  // of one line search
constexpr double kArmijo = 1e-4, kWolfe = 0.9;

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
ObjectivePoint search_line(const LinearObjective& objective, double c, const ObjectivePoint& from,
                           const Tensor& direction, double first, Rounding rounding) {
  const double slope = product(from.gradient_CE, direction);
  double low = 0, high = std::numeric_limits<double>::infinity(), length = first;
  ObjectivePoint best = from;
  const int tries = rounding == Rounding::float32 ? kMostQuickTries : kMostTries;
  for (int i = 0; i < tries; ++i) {
    ObjectivePoint there = objective.at(from.theta_CE + direction * length, c, rounding);
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

LinearFit fit_objective(const LinearObjective& objective, double c, const FitLimits& limits, const LinearFit* start) {
  require(c > 0, "a penalty above 0");
  Rounding rounding = Rounding::float32;
  ObjectivePoint here =
      objective.at(start == nullptr ? objective.zero() : start->theta_EC.t().contiguous(), c, rounding);
  LinearFit out;
  const double penalty = 1 / (c * static_cast<double>(objective.images()));
  const double least = std::max(limits.tolerance, objective.least_told());
  Memory memory({objective.moment(), objective.curvature_of_scores(), penalty});
  const auto be_exact = [&] {
    rounding = Rounding::float64;
    here = objective.at(here.theta_CE, c, rounding);
  };
  while (out.steps < limits.steps) {
    double steepest = here.steepest();
    // Not finite in float32 is no verdict.
    const bool told = steepest > least && std::isfinite(steepest) && std::isfinite(here.value);
    if (rounding == Rounding::float32 && !told) {
      be_exact();
      steepest = here.steepest();
    }
    if (!std::isfinite(steepest)) throw RunFailure(FailureKind::non_finite, "a linear fit's gradient is not finite");
    out.converged = rounding == Rounding::float64 && steepest <= limits.tolerance;
    if (out.converged) break;
    if (limits.stop()) throw Interrupted{};
    const Tensor direction = memory.direction(here.gradient_CE);
    ObjectivePoint next = search_line(objective, c, here, direction, memory.length(here.gradient_CE), rounding);
    if (next.value < here.value) {
      memory.add(next.theta_CE - here.theta_CE, next.gradient_CE - here.gradient_CE);
      here = std::move(next);
      ++out.steps;
    } else if (rounding == Rounding::float32) {
      be_exact();
    } else {
      break;  // as low as rounding lets it come
    }
  }
  out.theta_EC = here.theta_CE.t().contiguous();
  return out;
}

}  // namespace

LinearFit fit_linear(const LinearTask& task, double c, const FitLimits& limits, const LinearFit* start) {
  const at::NoGradGuard no_grad;
  return fit_objective(LinearObjective(task), c, limits, start);
}

PenaltyTrials try_penalties(const LinearTask& task, const std::vector<double>& grid, const FitLimits& limits,
                            const std::function<double(const LinearFit&)>& judge) {
  const at::NoGradGuard no_grad;
  const LinearObjective objective(task);
  PenaltyTrials out;
  LinearFit last;
  for (size_t i = 0; i < grid.size(); ++i) {
    last = fit_objective(objective, grid[i], limits, i == 0 ? nullptr : &last);
    out.value.push_back(judge(last));
    if (i > 0 && !(out.value[i] > out.value[out.best])) continue;
    out.best = i;
    out.fit = last;
  }
  return out;
}

}  // namespace sslbench
