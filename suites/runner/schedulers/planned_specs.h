// SPDX-License-Identifier: Apache-2.0
// What tasks are given: a RunSpec file a run, and a list of these files.
#pragma once

#include <filesystem>
#include <vector>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Writes work/<run>/runspec.json of each; as many files as there are runs, so they reach the disk together. UserError
// when one cannot be written.
void write_planned_specs(const std::vector<RunSpec>& runs);

// A path a line.
void write_list(const std::vector<RunSpec>& runs, const std::filesystem::path& file);

}  // namespace sslbench
