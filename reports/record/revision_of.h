// SPDX-License-Identifier: Apache-2.0
// Which build made a record's numbers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

// "<revision>[-dirty]" of the build that made a record, "unknown" when it does not say.
std::string revision_of(const Record& record);

// The builds behind a record's numbers, each once: of every finished stage (one that does not name its build counts as
// the record's own), else the record's own where it says.
std::vector<std::string> revisions_of(const Record& record);

// A text or a flag of a record's environment or facts; "" or `fallback` where it is missing or of another type: they
// come from files.
std::string text_of(const nlohmann::json& object, const char* key);
bool flag_of(const nlohmann::json& object, const char* key, bool fallback);

}  // namespace sslbench
