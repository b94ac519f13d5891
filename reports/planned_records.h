// SPDX-License-Identifier: Apache-2.0
// The runs that a results folder's plan names, and their records.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "reports/record_store.h"
#include "suites/spec/plan.h"

namespace sslbench {

// UserError when the folder holds no plan that can be read.
Plan read_results_plan(const std::filesystem::path& folder);

// One run of a plan: its record, or why its file is refused, or neither when there is no file.
using TakeRecord = std::function<void(const RunSpec& run, std::optional<Record> record, const std::string& refused)>;

// Hands out every run of the plan in its order. Every file is read by a child process first (record_guard.h);
// `parts_of` says what of a run is read here.
void read_planned_records(const std::filesystem::path& folder, const Plan& plan,
                          const std::function<RecordParts(const RunSpec&)>& parts_of, const TakeRecord& take);

}  // namespace sslbench
