// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reports/record/metric.h"

namespace sslbench {

// What is recorded of every stage besides its own metrics.
std::vector<Metric> stage_costs();

}  // namespace sslbench
