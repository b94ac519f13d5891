// SPDX-License-Identifier: Apache-2.0
// The course of every cell of a history, with the commits at which it changed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "reports/history/history.h"
#include "reports/statistics/change_points.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

struct TrendSeries {
  SnapshotCell cell;                            // the newest one
  std::vector<std::string> revisions, created;  // one a point
  std::vector<double> values;                   // means over the runs of one snapshot
  std::vector<Segment> segments;                // by sure_changes(), 1 % over all series
  std::string machine_class;                    // of speed and memory; "" for fractions
};

// One series a cell and set of conditions (version, data, settings, machine class), longest known first by name. Speed
// and memory of dirty trees and debug builds are left out.
std::vector<TrendSeries> trend_of(const History& history, const std::string& suite);

// "48.70 % → 45.10 % between a and b (2026-11-23)", one a change, "none" without any.
std::string changes_text(const TrendSeries& series,
                         const std::function<std::string(const std::string&)>& revision_text);

// How much better the last change made it, in the metric's unit; 0 without a change.
double last_gain(const TrendSeries& series);

// What changed for the worse, then what changed for the better, then the rest, each in the order given.
std::vector<const TrendSeries*> changed_first(const std::vector<TrendSeries>& series);

// What changed, worse before better, each with its latest value; what did not is counted.
std::string trend_terminal(const std::vector<TrendSeries>& series, const std::string& suite, const TerminalForm& form);

// README.md (changed_first()) and fig/*.svg below `folder`; returns the README. RunFailure(storage).
std::filesystem::path write_trend(const std::vector<TrendSeries>& series, const std::string& suite,
                                  const std::filesystem::path& folder);

}  // namespace sslbench
