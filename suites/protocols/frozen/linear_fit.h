// SPDX-License-Identifier: Apache-2.0
// Linear classifiers at the minimum of 0.5 |W|^2 + C sum of losses, biases free of the penalty: what
// suites/metrics/logistic_regression.h defines, found in full-batch products by L-BFGS (Liu and Nocedal, "On the
// limited memory BFGS method", Mathematical Programming 45, 1989). Given, judged and ended in float64; steps far from
// the minimum are found in float32. Shapes: N images, D features, E = D + 1, C classes, M others.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace sslbench {

// softmax: one class an image. sigmoids: every class by itself, one against the rest.
enum class LinearLoss : uint8_t { softmax, sigmoids };

struct LinearTask {
  LinearLoss loss = LinearLoss::softmax;
  at::Tensor x_ND;       // float64
  at::Tensor target_NC;  // float64: one-hot; of sigmoids 0 or 1
  at::Tensor known_NC;   // of sigmoids: 1 where the target counts, else 0; undefined: it always does
};

struct LinearFit {
  at::Tensor theta_EC;  // the last row holds the biases
  int64_t steps = 0;
  bool converged = false;  // largest entry of the gradient, of the objective over C N, at most the tolerance

  at::Tensor scores(const at::Tensor& x_MD) const;  // [M, C]
};

struct FitLimits {
  int64_t steps = 1000;
  double tolerance = 1e-4;                            // scikit-learn's default
  std::function<bool()> stop = [] { return false; };  // asked every step; true ends with Interrupted
};

// From `start`, else from zero.
LinearFit fit_linear(const LinearTask& task, double c, const FitLimits& limits, const LinearFit* start = nullptr);

// Each C of a rising grid in turn, every fit starting from the one before.
struct PenaltyTrials {
  std::vector<double> value;  // what `judge` says of each
  size_t best = 0;            // of the highest value, the smaller C of equal ones
  LinearFit fit;              // of the best
};
PenaltyTrials try_penalties(const LinearTask& task, const std::vector<double>& grid, const FitLimits& limits,
                            const std::function<double(const LinearFit&)>& judge);

}  // namespace sslbench
