// SPDX-License-Identifier: Apache-2.0
// `gate --bisect`: from a cell that regressed to the commit that made it worse.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/gate/gate.h"

namespace sslbench {

struct BisectRequest {
  std::string folder;  // results
  std::string range;   // GOOD..BAD, or "history"
  std::string build;   // command that builds a commit in its tree
};

struct BisectOutcome {
  bool interrupted = false;
  std::string text;  // what was found, in paragraphs; Markdown as well
  nlohmann::json json;
};

// Builds and measures commits of GOOD..BAD, the row of the worst regressed cell alone, with the seeds that showed the
// drop, until one is found. Every commit is judged as the results themselves: by the gate against what history holds of
// other commits. What was measured lies in DIR/bisect and is not measured again. Tells each step on stderr. `report`
// has a regressed cell; `now` is what it judged. UserError for a range that is none, and a results folder without
// suite.
BisectOutcome bisect_regression(const BisectRequest& request, const GateReport& report, const Snapshot& now,
                                const History& history);

}  // namespace sslbench
