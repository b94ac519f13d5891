// SPDX-License-Identifier: Apache-2.0
// What records say about themselves besides numbers: roles, marks, notes, failures.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison.h"

namespace sslbench {

// "<revision>[-dirty]" of the build that made a record, "unknown" when it does not say.
std::string revision_of(const Record& record);

// The builds behind a record's numbers, each once: of every finished stage (one that does not name its build counts as
// the record's own), else the record's own where it says.
std::vector<std::string> revisions_of(const Record& record);

// Fills method, role, budget, marks and ranked from the records of the row.
void describe_row(const Comparison& comparison, Row& row);

// One entry for each record that is not final, with what to do about it.
std::vector<Failure> failures_of(const Comparison& comparison);

// `notes` of the records' facts, each once; named by row unless every record has it.
std::vector<std::string> notes_of(const Comparison& comparison);

// A text or a flag of a record's environment or facts; "" or `fallback` where it is missing or of another type: they
// come from files.
std::string text_of(const nlohmann::json& object, const char* key);
bool flag_of(const nlohmann::json& object, const char* key, bool fallback);

}  // namespace sslbench
