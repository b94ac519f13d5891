// SPDX-License-Identifier: Apache-2.0
// Whether rows are compared over seeds or, for want of them, over resampled test images.
#pragma once

#include "reports/comparison.h"

namespace sslbench {

// Every two rows share at least two seeds that are planned.
bool plan_is_over_seeds(const ComparisonInput& input);

// In every column, every two of the rows with a value there share at least two seeds: all intervals and differences of
// the comparison are over seeds, and none needs replicates.
bool is_over_seeds(const ComparisonInput& input);

}  // namespace sslbench
