// SPDX-License-Identifier: Apache-2.0
// What a record tells of its run besides the numbers.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/record/record.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// The machine and build (reports/record/environment.h) with LibTorch, threads and device.
nlohmann::json run_environment(const RunSpec& spec);

// Record::facts: role, uses_labels, equal_cost, pretrained_elsewhere, pretraining_set, precision, budget, notes.
nlohmann::json run_facts(const RunSpec& spec, const StageRecord& pretraining);

}  // namespace sslbench
