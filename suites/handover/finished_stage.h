// SPDX-License-Identifier: Apache-2.0
// Finished stages of a run: each lies in a record of its own until the run's record holds them all, so that a worker
// that comes later, or a front end whose worker died, takes them over.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/record/record.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

struct FinishedStage {
  StageRecord stage;               // names the build that carried it out
  std::vector<std::string> notes;  // what it told while it ran
  std::string run;                 // whose record it lay in
};

// Replaces work/<run>/stage-<row>.h5.
void write_finished_stage(const RunSpec& run, const FinishedStage& finished, const nlohmann::json& environment);

// The finished stage of that key in a record, and of that row unless `row` is empty; nothing when it is not there or
// the file cannot be read: a torn file of a dying worker loses that stage, never the run.
std::optional<FinishedStage> read_finished_stage(const std::filesystem::path& record, const std::string& key,
                                                 const std::string& row = "");

// Record::facts that keep what stages told, by stage; read_finished_stage() reads them.
inline constexpr const char* kStageNotes = "stage_notes";

}  // namespace sslbench
