// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/comparison/comparison.h"

namespace sslbench {

// One sentence that the primary column supports: names a best row only when its difference to the next one excludes 0.
// Needs rank_rows().
std::string answer_of(const Comparison& comparison);

}  // namespace sslbench
