// SPDX-License-Identifier: Apache-2.0
// Costs of training that history holds of other machines only: the gate cannot judge them, turns on this machine can.
#pragma once

#include <string>
#include <vector>

#include "reports/ab/ab_runs.h"
#include "reports/gate/gate.h"

namespace sslbench {

// Rows with such a cell that turns measure and whose rule has a margin in percent, in the order of the cells.
std::vector<std::string> rows_for_turns(const GateReport& report);

// Gives these cells the verdicts of judge_costs() at the margins of their rules, with the ratio in words; means stay
// those of the gate, since a run in turns has half a machine. A cell that was not measured stays incomparable.
void settle_by_turns(GateReport& report, const AbInput& measured);

}  // namespace sslbench
