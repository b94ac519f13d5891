// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

inline constexpr size_t kUnmatched = std::numeric_limits<size_t>::max();

// The column of each row in the one-to-one matching of rows and columns whose sum of values is largest; of a table that
// is not square the surplus rows are kUnmatched, the surplus columns nobody's. O(min^2 max): shortest augmenting paths
// (Kuhn, "The Hungarian Method for the Assignment Problem", 1955; Jonker and Volgenant, Computing 38, 1987).
// InternalError for a value that is not finite.
std::vector<size_t> best_assignment(const Matrix& values);

}  // namespace sslbench
