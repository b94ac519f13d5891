// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/cli/ab/ab_rounds.h"

namespace sslbench {

struct AbMeasured {
  AbMatch match;
  AbInput input;
  AbEnding ending = AbEnding::done;
};

// Checks what was asked, takes the folder and carries out the rounds that it does not hold yet. UserError for what
// cannot be compared, or a folder of another comparison.
AbMeasured measure_ab(const AbOptions& options);

}  // namespace sslbench
