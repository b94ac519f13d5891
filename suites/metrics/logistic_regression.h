// SPDX-License-Identifier: Apache-2.0
// The linear classifier that has no learning rate: the minimum of 0.5 |W|^2 + C sum of cross-entropies, bias free of
// the penalty, as scikit-learn's LogisticRegression defines it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

struct LogisticFit {
  Matrix weight;             // [classes, features]; one row for two classes (a sigmoid for class 1)
  std::vector<double> bias;  // one a row of `weight`
  double objective = 0, mean_cross_entropy = 0, train_accuracy = 0;
  bool converged = false;  // largest entry of the gradient <= 1e-10 of its first value
};

// Three classes or more: softmax, every class with a penalised row of its own. `labels` are 0 .. classes-1, else
// InternalError. Newton steps by conjugate gradients (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithm
// 7.1) with backtracking, in float64; the penalty makes the minimum unique but for a constant added to all biases.
LogisticFit fit_logistic_regression(const Matrix& features, std::span<const int64_t> labels, int64_t classes, double c);

}  // namespace sslbench
