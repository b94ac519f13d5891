// SPDX-License-Identifier: Apache-2.0
// Parameters are one row an output, its bias last: [outputs, features + 1]. N images, K outputs.
#include "suites/metrics/logistic_regression.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr int kMostNewtonSteps = 200, kMostHalvings = 60;
constexpr double kGradientGoal = 1e-10;  // of the first gradient
constexpr double kArmijo = 1e-4;

class Problem {
 public:
  Problem(const Matrix& features, std::span<const int64_t> labels, int64_t classes, double c)
      : x_(features), labels_(labels), c_(c), outputs_(classes == 2 ? 1 : static_cast<size_t>(classes)) {}

  size_t outputs() const { return outputs_; }
  size_t width() const { return x_.columns + 1; }
  size_t parameters() const { return outputs_ * width(); }
  bool sigmoid() const { return outputs_ == 1; }

  // Scores of image i.
  void scores(const std::vector<double>& theta, size_t i, std::vector<double>& out) const {
    for (size_t k = 0; k < outputs_; ++k) {
      const double* row = theta.data() + k * width();
      out[k] = dot(x_.row(i), {row, x_.columns}) + row[x_.columns];
    }
  }

  // The sum of cross-entropies at theta; fills in p [N, K], the probability of each output.
  double cross_entropy(const std::vector<double>& theta, Matrix& p) const {
    double sum = 0;
    std::vector<double> z(outputs_);
    p = {x_.rows, outputs_, std::vector<double>(x_.rows * outputs_)};
    for (size_t i = 0; i < x_.rows; ++i) {
      scores(theta, i, z);
      const auto label = static_cast<size_t>(labels_[i]);
      if (sigmoid()) {
        p.at(i, 0) = 1 / (1 + std::exp(-z[0]));
        const double toward = label == 1 ? z[0] : -z[0];
        sum += std::max(-toward, 0.0) + std::log1p(std::exp(-std::abs(toward)));
        continue;
      }
      const double highest = *std::max_element(z.begin(), z.end());
      double total = 0;
      for (size_t k = 0; k < outputs_; ++k) total += p.at(i, k) = std::exp(z[k] - highest);
      for (size_t k = 0; k < outputs_; ++k) p.at(i, k) /= total;
      sum += std::log(total) + highest - z[label];
    }
    return sum;
  }

  double penalty(const std::vector<double>& theta) const {
    double squares = 0;
    for (size_t k = 0; k < outputs_; ++k) {
      const std::span<const double> row(theta.data() + k * width(), x_.columns);
      squares += dot(row, row);
    }
    return squares / 2;
  }

  double objective(const std::vector<double>& theta, Matrix& p) const {
    return penalty(theta) + c_ * cross_entropy(theta, p);
  }

  std::vector<double> gradient(const std::vector<double>& theta, const Matrix& p) const {
    std::vector<double> out = penalised(theta), pull(outputs_);
    for (size_t i = 0; i < x_.rows; ++i) {
      const int64_t label = labels_[i];
      for (size_t k = 0; k < outputs_; ++k) {
        pull[k] = p.at(i, k) - (sigmoid() ? static_cast<double>(label) : static_cast<int64_t>(k) == label ? 1.0 : 0.0);
      }
      add_outer(pull, i, out);
    }
    return out;
  }

  // The Hessian times v.
  std::vector<double> curvature(const std::vector<double>& v, const Matrix& p) const {
    std::vector<double> out = penalised(v), u(outputs_);
    for (size_t i = 0; i < x_.rows; ++i) {
      scores(v, i, u);
      double expected = 0;
      for (size_t k = 0; k < outputs_; ++k) expected += p.at(i, k) * u[k];
      for (size_t k = 0; k < outputs_; ++k) u[k] = p.at(i, k) * (u[k] - expected);
      add_outer(u, i, out);
    }
    return out;
  }

 private:
  std::vector<double> penalised(std::vector<double> theta) const {
    for (size_t k = 0; k < outputs_; ++k) theta[k * width() + x_.columns] = 0;
    return theta;
  }
  void add_outer(const std::vector<double>& pull, size_t i, std::vector<double>& out) const {
    const auto x = x_.row(i);
    for (size_t k = 0; k < outputs_; ++k) {
      double* row = out.data() + k * width();
      const double scale = c_ * pull[k];
      for (size_t d = 0; d < x.size(); ++d) row[d] += scale * x[d];
      row[x.size()] += scale;
    }
  }

  const Matrix& x_;
  std::span<const int64_t> labels_;
  double c_;
  size_t outputs_;
};

// NaN where one of them is not finite: then nothing has converged.
double largest(const std::vector<double>& v) {
  double out = 0;
  for (const double value : v) {
    if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
    out = std::max(out, std::abs(value));
  }
  return out;
}

// d with Hessian d = -gradient, as far as conjugate gradients bring it.
std::vector<double> newton_step(const Problem& problem, const std::vector<double>& gradient, const Matrix& p) {
  std::vector<double> step(gradient.size(), 0.0), residual = gradient, direction(gradient.size());
  for (size_t i = 0; i < residual.size(); ++i) direction[i] = -(residual[i] = gradient[i]);
  double norm = dot(residual, residual);
  const double goal = norm * std::min(0.01, largest(gradient)) * 1e-6;
  for (size_t n = 0; n < 4 * gradient.size() + 50 && norm > goal; ++n) {
    const std::vector<double> bent = problem.curvature(direction, p);
    const double curvature = dot(direction, bent);
    if (!(curvature > 0)) break;
    const double length = norm / curvature;
    for (size_t i = 0; i < step.size(); ++i) {
      step[i] += length * direction[i];
      residual[i] += length * bent[i];
    }
    const double next = dot(residual, residual);
    for (size_t i = 0; i < step.size(); ++i) direction[i] = next / norm * direction[i] - residual[i];
    norm = next;
  }
  return step;
}

std::vector<double> minimum_of(const Problem& problem, bool& converged) {
  std::vector<double> theta(problem.parameters(), 0.0);
  Matrix p;
  double value = problem.objective(theta, p);
  std::vector<double> gradient = problem.gradient(theta, p);
  const double goal = kGradientGoal * largest(gradient);
  for (int n = 0; n < kMostNewtonSteps && largest(gradient) > goal; ++n) {
    const std::vector<double> step = newton_step(problem, gradient, p);
    const double slope = dot(gradient, step), rounding = 1e-14 * std::abs(value);
    double length = 1;
    for (int halving = 0; halving < kMostHalvings; ++halving, length /= 2) {
      std::vector<double> next = theta;
      for (size_t i = 0; i < next.size(); ++i) next[i] += length * step[i];
      const double there = problem.objective(next, p);
      if (there > value + kArmijo * length * slope + rounding) continue;
      theta = std::move(next);
      value = there;
      break;
    }
    gradient = problem.gradient(theta, p);
  }
  converged = largest(gradient) <= goal;
  return theta;
}

}  // namespace

LogisticFit fit_logistic_regression(const Matrix& features, std::span<const int64_t> labels, int64_t classes,
                                    double c) {
  require(classes >= 2 && labels.size() == features.rows && !labels.empty() && c > 0, "one label a row of features");
  for (const int64_t label : labels) require(label >= 0 && label < classes, "label outside 0 .. classes-1");
  const Problem problem(features, labels, classes, c);
  LogisticFit out;
  const std::vector<double> theta = minimum_of(problem, out.converged);
  Matrix p;
  const double cross_entropy = problem.cross_entropy(theta, p);
  const double rows = static_cast<double>(features.rows);
  out.objective = problem.penalty(theta) + c * cross_entropy;
  out.mean_cross_entropy = cross_entropy / rows;
  for (size_t i = 0; i < features.rows; ++i) {
    const auto row = p.row(i);
    const auto predicted =
        problem.sigmoid() ? static_cast<int64_t>(row[0] > 0.5) : std::max_element(row.begin(), row.end()) - row.begin();
    out.train_accuracy += predicted == labels[i];
  }
  out.train_accuracy /= rows;
  out.weight = {problem.outputs(), features.columns, {}};
  for (size_t k = 0; k < problem.outputs(); ++k) {
    const auto row = theta.begin() + static_cast<int64_t>(k * problem.width());
    out.weight.values.insert(out.weight.values.end(), row, row + static_cast<int64_t>(features.columns));
    out.bias.push_back(row[static_cast<int64_t>(features.columns)]);
  }
  return out;
}

}  // namespace sslbench
