// SPDX-License-Identifier: Apache-2.0
// What history holds of one cell, as far as it may be compared with what was measured now.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/history.h"
#include "suites/spec/suite.h"

namespace sslbench {

bool covers(const GateRule& rule, const SnapshotCell& cell);

// The values of one cell over history. A run that repeats an earlier one bit by bit (same seed, same value) is the same
// run again, not one more; what is judged now is no history of itself, even when it was recorded first.
struct Past {
  std::vector<double> values;
  std::set<std::pair<int64_t, double>> known, repeated;  // `repeated`: of now
  const SnapshotCell* last = nullptr;                    // the newest record of the cell, comparable or not
  std::string why_not;                                   // of the newest one that may not be compared
  int64_t largest_n = 0;                                 // of the same version
  std::string accepted;                                  // when a shift was, after which history counts; "" = never
};

// `now` is where the cell was measured; null: only `last` is looked for.
Past past_of(const SnapshotCell& cell, const Snapshot* now, const History& history);

}  // namespace sslbench
