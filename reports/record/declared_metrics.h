// SPDX-License-Identifier: Apache-2.0
// What a record says of its stages' metrics, so that whoever reads it needs no program that knows them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

// Every declared metric once, with the rows of the stages that measure it; null where nothing is declared.
nlohmann::json declarations_of(const std::vector<StageRecord>& stages);
void apply_declarations(const nlohmann::json& json, std::vector<StageRecord>& stages);

// Declarations of this build's plugins, by plugin, for stages of older builds that declare nothing.
using MetricsOfPlugins = std::map<std::string, std::vector<Metric>>;
void declare_where_missing(const MetricsOfPlugins& known, Record& record);

}  // namespace sslbench
