// SPDX-License-Identifier: Apache-2.0
// What may be said of a new side against an old one that were measured in turns on one machine.
//
// A cost (processor time an image, images/s, memory) is worse when its ratio is worse than the margin and noise alone
// would give that with a probability of at most kAbAlpha: Student's t over the log ratios of the rounds
// (paired_ratio.h), one-sided, Holm over all costs of all rows and of all rows together. A result is judged as
// `compare` does, by pairs of equal seeds, and counts as worse where that holds at twice kAbAlpha two-sided. Both
// together call two equal sides worse in at most 2 of 100 comparisons; measured figures: docs/regressions.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "reports/ab/ab_runs.h"
#include "reports/ab/loss_curves.h"
#include "reports/history/snapshot_comparison.h"
#include "reports/history/verdict.h"
#include "reports/statistics/paired_ratio.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

inline constexpr double kAbAlpha = 0.01;
inline constexpr const char* kAllRows = "all rows";

struct AbCost {
  std::string row;      // or kAllRows: the mean log ratio of the rows, round by round
  std::string measure;  // "pretrain.cpu_per_image"
  std::string unit;
  bool higher_is_better = false;
  double old_mean = 0, new_mean = 0;  // over runs; NaN of all rows together
  PairedRatio ratio;                  // new / old
  Verdict verdict = Verdict::inconclusive;
  std::string reason;
  double adjusted = 1;  // probability of "worse" after Holm

  // By how much worse, as a factor: above 1 = worse.
  double worsening() const { return higher_is_better ? 1 / ratio.ratio : ratio.ratio; }
};

struct AbReport {
  std::string suite;
  AbSide old_side, new_side;
  double margin = 0;  // percent, of costs
  size_t rounds = 0;  // the most of any row
  std::vector<AbCost> costs;
  std::vector<LossCurves> curves;                           // of rows that train
  SnapshotComparison results;                               // without costs
  std::vector<std::pair<std::string, std::string>> failed;  // row and why

  size_t count(Verdict verdict) const;  // of costs and results
};

AbReport judge_ab(AbInput input);

// Its costs alone, at a margin in percent.
std::vector<AbCost> judge_costs(const std::vector<AbRow>& rows, double margin);

std::string ab_markdown(const AbReport& report);
std::string ab_terminal(const AbReport& report, const TerminalForm& form);
nlohmann::json ab_json(const AbReport& report);  // schema sslbench.ab/1

}  // namespace sslbench
