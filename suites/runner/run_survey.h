// SPDX-License-Identifier: Apache-2.0
// What a results folder already holds of a plan: which runs are final, which stages can be taken over.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/record.h"
#include "suites/spec/run_spec.h"

namespace sslbench {

struct SurveyedRun {
  RunSpec run;         // with `attempt` and `reuse` filled in
  bool final = false;  // nothing to do
  std::string status;  // of its record; "" when there is none
  std::string build;   // that wrote the record
};

struct Survey {
  std::vector<SurveyedRun> runs;      // in the order asked
  std::vector<std::string> warnings;  // record files that cannot be read
};

// Reads the records in out/runs. A final record settles its run; a failed one counts an attempt; any stage that ended
// well is offered under its key (pretrain only when its weights lie beside the record). `again`: every run anew, taking
// nothing over.
Survey survey_runs(const std::vector<RunSpec>& runs, const std::filesystem::path& out, bool again);

// "<revision>[-dirty] <build type>" of the build that wrote a record.
std::string record_build(const Record& record);

}  // namespace sslbench
