// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reports/gate/gate.h"
#include "suites/cli/ab/ab_rounds.h"

namespace sslbench {

// gate --ab: measures the rows whose costs history holds of other machines only, this build in turns with the one that
// is named, by the suite text that the results were planned with, and settles these costs. Runs lie in DIR/ab.
// UserError for a build or folder that cannot be used.
AbEnding settle_in_turns(const GateOptions& options, GateReport& report);

}  // namespace sslbench
