// SPDX-License-Identifier: Apache-2.0
// Cells of a gate's report without a number to judge.
#pragma once

#include "reports/gate/gate.h"

namespace sslbench {

// Cells that history knows and this run lacks: those that a rule names, and protocols that are gone with their rules. A
// rule that nothing answers to is one, too.
void add_missing(GateReport& report, const Snapshot& now, const History& history, const std::vector<GateRule>& rules);

// Marks of rows of which runs failed or collapsed; cells of which every run failed are Verdict::failed.
void mark_failures(GateReport& report, const Snapshot& now);

}  // namespace sslbench
