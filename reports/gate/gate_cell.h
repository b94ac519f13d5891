// SPDX-License-Identifier: Apache-2.0
// One cell of the gate before verdicts are compared: what history says of it and what its test is.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "reports/gate/gate.h"
#include "reports/gate/gate_past.h"
#include "reports/statistics/drop_significance.h"

namespace sslbench {

// How a cell stands before any statistics: settled, to be judged against history or by pairs of seeds, or with too few
// runs, which may still be suspect.
enum class Standing { settled, judged, too_few };

// A cell with its history and margin. UserError for a rule whose unit does not fit the metric.
GateCell cell_with_past(const SnapshotCell& cell, const GateRule& rule, const Snapshot& now, const History& history,
                        Standing& standing);

// Half of the typical spread of each kind of cell (protocol, metric, data set) with enough history.
class LeastDeviations {
 public:
  explicit LeastDeviations(const std::vector<GateCell>& cells);
  // 0 where no cell of the kind has enough history.
  double of(const GateCell& cell) const;

 private:
  std::map<std::tuple<std::string, std::string, std::string>, double> by_kind_;
};

// `runs` of the cell against its history.
DropTest test_of(const GateCell& cell, const std::vector<double>& runs, const LeastDeviations& least);

// Fills in what a test says.
void apply(GateCell& cell, const DropTest& test);

}  // namespace sslbench
