// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/calibrate_unknown.h"

#include <set>

#include "reports/record/environment.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

// One run of each row that has a stage of unknown cost: the seeds of a row are alike.
std::vector<RunSpec> unknown_rows(const std::vector<RunSpec>& runs, const StageCosts& costs) {
  std::vector<RunSpec> out;
  std::set<std::string> seen;
  for (const RunSpec& run : runs) {
    if (!costs.estimate(run).whole() && seen.insert(run.id).second) out.push_back(run);
  }
  return out;
}

}  // namespace

std::vector<std::string> calibrate_unknown(const std::vector<RunSpec>& runs, StageCosts& costs,
                                           const BeforeCalibration& before) {
  std::vector<std::string> failed;
  std::vector<RunSpec> rows = unknown_rows(runs, costs);
  for (size_t r = 0; r < rows.size(); ++r) {
    RunSpec& run = rows[r];
    const RunEstimate known = costs.estimate(run);
    if (known.whole()) continue;  // a row before it told
    for (const auto& [stage, seconds] : known.stages) run.reuse.emplace(stage, "");
    before(run, r + 1, rows.size());
    try {
      costs.add(run, calibrate_run(run));
    } catch (const UserError& error) {
      failed.emplace_back(error.what());
    }
  }
  if (!rows.empty()) keep_costs(environment().value("machine_class", ""), costs.book());
  return failed;
}

}  // namespace sslbench
