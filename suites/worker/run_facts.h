// SPDX-License-Identifier: Apache-2.0
// What a record tells of its run besides the numbers.
#pragma once

#include <nlohmann/json.hpp>

#include "methods/backbone.h"
#include "reports/record/record.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// That of suites/handover/run_facts.h with LibTorch and what the device says of itself.
nlohmann::json run_environment(const RunSpec& spec);

// That of suites/handover/run_facts.h with precision, kernels, budget and notes; of_weights: of the backbone's weights.
nlohmann::json run_facts(const RunSpec& spec, const StageRecord& pretraining, const InputFacts& of_weights = {});

}  // namespace sslbench
