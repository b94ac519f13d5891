// SPDX-License-Identifier: Apache-2.0
// How long runs will take: from what their stages cost on this machine before, from the runs of this suite that ended,
// and from the speed of what runs now.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "suites/handover/progress_file.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

using StageSeconds = std::map<std::string, double>;  // by stage row

class ExpectedTimes {
 public:
  // By run name: what is known beforehand of the stages still to do.
  ExpectedTimes() = default;
  explicit ExpectedTimes(std::map<std::string, StageSeconds> known) : known_(std::move(known)) {}

  // What the stages of a run took that ended. Counts for the runs of its row, and its protocols for every row.
  void learn(const RunSpec& run, const StageSeconds& took);

  // Of a run that has not begun; nothing when some stage of it is not known.
  std::optional<double> whole(const RunSpec& run) const;
  // Of one that runs for `seconds`; nothing when a stage that has not begun is not known: a stage takes seconds or
  // hours, and its share of the list of stages tells nothing of it.
  std::optional<double> left(const RunSpec& run, double seconds, const std::optional<RunProgress>& progress) const;

 private:
  std::optional<double> of(const RunSpec& run, const std::string& stage) const;
  std::optional<double> left_by_stages(const RunSpec& run, double seconds, const RunProgress& at) const;

  std::map<std::string, StageSeconds> known_;   // by run
  std::map<std::string, StageSeconds> of_row_;  // of runs that ended
  StageSeconds of_protocol_;
};

}  // namespace sslbench
