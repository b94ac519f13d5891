// SPDX-License-Identifier: Apache-2.0
// What history holds of one cell, as far as it may be compared with what was measured now.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/gate/broken_record.h"
#include "reports/history/history.h"
#include "suites/plan/suite.h"

namespace sslbench {

// The values of one cell over history. A run that repeats an earlier one bit by bit (same seed, same value) is the same
// run again, not one more; what is judged now is no history of itself, even when it was recorded first.
struct Past {
  std::vector<PastRuns> runs;                            // of comparable records, by time
  std::vector<const SnapshotCell*> same_machine;         // comparable records of now's machine class, by time
  std::set<std::pair<int64_t, double>> known, repeated;  // `repeated`: of now
  std::set<int64_t> seeds_again;                         // whose run came again in a later record
  size_t records = 0;                                    // comparable ones
  const SnapshotCell* last = nullptr;                    // the newest record of the cell, comparable or not
  std::string why_not;                                   // of the newest one that may not be compared
  std::string unchanged_since;                           // revision of the newest record that another program made of
                                                         // these seeds, where each gave that very value; else ""
  int64_t largest_n = 0;                                 // of the same version
  const Acceptance* accepted = nullptr;                  // the shift after which history counts; null: all of it does
};

// `now` is where the cell was measured; null: only `last` is looked for.
Past past_of(const SnapshotCell& cell, const Snapshot* now, const History& history);

// What those seeds of now that were recorded before gave, each in its newest record of now's machine class that is not
// now's own; both empty unless kSameAgain such records of every one hold that very value: only where runs repeat bit by
// bit is another value the code's doing.
inline constexpr size_t kSameAgain = 3;
struct SeedPairs {
  std::vector<double> before, after;
};
SeedPairs repeating_pairs(const SnapshotCell& now, const Past& past);

}  // namespace sslbench
