// SPDX-License-Identifier: Apache-2.0
// What gate and comparison say of a cell, in words, before it is Markdown or text for a terminal. Nothing is escaped.
#pragma once

#include <string>
#include <vector>

#include "reports/gate/gate.h"
#include "reports/history/snapshot_comparison.h"

namespace sslbench {

inline constexpr Verdict kWorstFirst[] = {Verdict::regressed,    Verdict::failed,       Verdict::missing,
                                          Verdict::incomparable, Verdict::inconclusive, Verdict::improved,
                                          Verdict::same};

struct VerdictRow {
  Verdict verdict = Verdict::same;
  std::string row, measure, better;  // "simclr", "linear_probe top1", "↑"
  std::string reason;
  std::vector<std::string> marks;
  std::string before, now;  // means with their runs: "48.70 % (3)"
  std::string change, interval;
  std::string margin;  // of the gate alone
  size_t cells = 1;    // that the row tells of
};

// Worst first; of equal verdicts results before single classes before costs, each in the order of the cells. Three
// costs or single classes or more that are inconclusive or incomparable for the same reason share a row ("6 rows", "24
// costs"); JSON has each.
std::vector<VerdictRow> verdict_rows(const GateReport& report);
std::vector<VerdictRow> verdict_rows(const SnapshotComparison& comparison);

}  // namespace sslbench
