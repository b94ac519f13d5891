// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "reports/history/snapshot.h"
#include "suites/plan/suite.h"

namespace sslbench {

// What a path says about one state of the code: a results folder, a measurements.h5, or one file of a history. Warnings
// go to stderr. UserError when it is none of these. With `replicates`, cells of a results folder hold theirs.
Snapshot read_state(const std::filesystem::path& path, bool replicates = false);

// The rules of [gate] that a results folder was run with; none when it is no results folder.
std::vector<GateRule> rules_of_folder(const std::filesystem::path& folder);

}  // namespace sslbench
