// SPDX-License-Identifier: Apache-2.0
// What a results folder already holds of a plan: which runs are final, which stages can be taken over.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/record/record.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

struct SurveyedRun {
  RunSpec run;         // with `attempt` and `reuse` filled in
  bool final = false;  // nothing to do
  std::string status;  // of its record; "" when there is none that counts
  std::string build;   // that wrote the record
  std::string origin;  // when another program wrote the record, that one and what becomes of the run; else ""
};

struct Survey {
  std::vector<SurveyedRun> runs;      // in the order asked
  std::vector<std::string> warnings;  // record files that cannot be read

  // A line for each thing that runs' `origin` says, which names the first of those runs.
  std::vector<std::string> origins() const;
};

// Of the records in out/runs (record_index.h). A final record settles its run; a failed one counts an attempt; any
// stage that ended well is offered under its key (pretrain only when its weights lie beside the record). What another
// program made of a clean tree counts, and the run's `origin` names both; what one of a changed tree made does not,
// since nothing tells what that tree did (where RunSpec::worker is known). `again`: every run anew, taking nothing
// over.
Survey survey_runs(const std::vector<RunSpec>& runs, const std::filesystem::path& out, bool again);

// What survey_runs() says of a run whose record is this, without what other records offer.
SurveyedRun survey_run(const RunSpec& run, const Record& record);

// Unfinished work of a run that another program began.
struct BegunByOther {
  RunSpec run;
  std::string build, program;  // of who began it; the worker's digest, "" = not known
  bool goes_on = false;        // both come from clean trees; else the run starts afresh, for the same reason

  // One line: what becomes of it.
  std::string text() const;
};
std::vector<BegunByOther> begun_by_others(const std::vector<RunSpec>& runs);

}  // namespace sslbench
