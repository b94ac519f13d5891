// SPDX-License-Identifier: Apache-2.0
// Two states of one suite side by side: `sslbench compare BASE NEW`. Reads only and decides nothing but words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/history/snapshot.h"
#include "reports/history/verdict.h"
#include "reports/statistics/statistics.h"
#include "suites/plan/suite.h"

namespace sslbench {

// By Holm over all cells of one kind: results, results of single classes, costs.
inline constexpr double kCompareAlpha = 0.05;
inline constexpr size_t kRunsToClaim = 3;  // a side that are no pairs; below, an interval says little

struct ComparedCell {
  SnapshotCell base, now;  // `now` is empty where the cell vanished
  Verdict verdict = Verdict::inconclusive;
  std::string reason;
  std::vector<std::string> marks;
  double base_mean = 0, new_mean = 0;  // NaN without any
  double change = 0;                   // new - base, in the metric's unit
  bool paired = false;                 // both sides hold the same seeds with replicates of the same test images
  Interval interval;                  // 95 %: of pairs over images and, of several seeds, over these; else Welch's over
                                      // runs, NaN below two a side
  double p = 1, adjusted = 1;         // two-sided; adjusted by Holm
  double margin = 0;                  // smaller changes count as same
  std::optional<size_t> runs_needed;  // a side, that would decide an inconclusive cell
};

struct SnapshotComparison {
  Snapshot base, now;
  std::vector<ComparedCell> cells;
  std::vector<std::string> only_new;  // names of cells that the base lacks

  size_t count(Verdict verdict) const;
};

bool covers(const GateRule& rule, const SnapshotCell& cell);

// Margins by rule where one matches, else 0.5 points for fractions and 5 percent for all else.
SnapshotComparison compare_snapshots(Snapshot base, Snapshot now, const std::vector<GateRule>& rules);

}  // namespace sslbench
