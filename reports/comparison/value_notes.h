// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// What must be known of single values: why some are undefined, which resamples their intervals leave out, and where a
// probe's learning rate was chosen on less than it looks like.
std::vector<std::string> value_notes(const Comparison& comparison);

}  // namespace sslbench
