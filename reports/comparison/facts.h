// SPDX-License-Identifier: Apache-2.0
// What records say about themselves besides numbers: roles, marks, notes, failures.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Fills method, role, budget, marks and ranked from the records of the row.
void describe_row(const Comparison& comparison, Row& row);

// One entry for each record that is not final, with what to do about it.
std::vector<Failure> failures_of(const Comparison& comparison);

// `notes` of the records' facts, each once; named by row unless every record has it.
std::vector<std::string> notes_of(const Comparison& comparison);

}  // namespace sslbench
