// SPDX-License-Identifier: Apache-2.0
// What `run` and `submit` have in common: which runs are left to do.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "suites/runner/run_survey.h"

namespace sslbench {

std::set<std::string> names_of(const std::vector<RunSpec>& runs);

// What is left to do, after saying what is not.
std::vector<RunSpec> runs_to_do(const Survey& survey);

// Says what becomes of work that other programs began, and returns the runs that start afresh.
std::vector<RunSpec> dropped_work(const std::vector<RunSpec>& runs);

}  // namespace sslbench
