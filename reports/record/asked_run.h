// SPDX-License-Identifier: Apache-2.0
// What a record says it was asked for, as far as it can be read: records come from other builds, whose RunSpecs have
// other keys, and from strangers. What is missing or of another type is empty.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "reports/record/record.h"

namespace sslbench {

struct AskedRun {
  nlohmann::json pretrain = nlohmann::json::object(), backbone_settings = nlohmann::json::object();
  std::string preset;
};

// Of Record::effective.
AskedRun asked_run(const Record& record);

// A setting that is a number.
std::optional<double> number_in(const nlohmann::json& settings, const char* key);

}  // namespace sslbench
