// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

struct SymmetricEigen {
  std::vector<double> values;  // falling
  Matrix vectors;              // row i, of length 1, belongs to value i
};

// Of a symmetric matrix, to some 1e-15 of its largest value: Householder's tridiagonal form, then QL with implicit
// shifts (Martin, Reinsch, Wilkinson 1968; Dubrulle, Martin, Wilkinson 1968). All NaN where an entry is not finite.
// InternalError unless it is square.
SymmetricEigen symmetric_eigen(Matrix m);
// The values alone, in a fraction of the time.
std::vector<double> symmetric_eigenvalues(Matrix m);

}  // namespace sslbench
