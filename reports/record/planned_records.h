// SPDX-License-Identifier: Apache-2.0
// The runs that a results folder's plan names, and their records.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "reports/record/record_store.h"
#include "suites/plan/plan.h"

namespace sslbench {

// UserError when the folder holds no plan that can be read.
Plan read_results_plan(const std::filesystem::path& folder);

// Where a run's record lies in a results folder.
std::filesystem::path record_file(const std::filesystem::path& folder, const RunSpec& run);

// One run of a plan: its record, or why its file is refused, or neither when there is no file.
using TakeRecord = std::function<void(const RunSpec& run, std::optional<Record> record, const std::string& refused)>;

// What is read of a row's runs: pictures are drawn of one only, the first that has a file.
struct PartsOfRow {
  RecordParts first, others;
  bool read_all = false;  // every part of each file, seal or not, though only these are handed out
};

// Hands out every run of the plan in its order, read by child processes (record_guard.h) and proved whole.
void read_planned_records(const std::filesystem::path& folder, const Plan& plan, const PartsOfRow& parts,
                          const TakeRecord& take);

}  // namespace sslbench
