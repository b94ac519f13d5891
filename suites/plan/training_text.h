// SPDX-License-Identifier: Apache-2.0
// How a run is trained, in one line for plan, run, log and report: what a preset chose shall not stay hidden.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Of the resolved table `pretrain`: "preset cifar: sgd, batch 512, peak rate 0.12 (0.06, linear_256), cosine over 200
// epochs with 10 of warm-up, weight decay 0.0005". `preset` "" = the method declares none for these views. Values that
// are missing or of another type (records come from elsewhere) are left out.
std::string training_text(const nlohmann::json& pretrain, const std::string& preset);

// Of a run: the same; where it trains nothing, "frozen, weights of FILE" or "random weights, trains nothing".
std::string run_training_text(const RunSpec& run, bool trains);

}  // namespace sslbench
