// SPDX-License-Identifier: Apache-2.0
// The table [gate]: how far each metric may fall. In a suite, or in a file of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "suites/plan/suite.h"
#include "suites/plan/toml_tree.h"

namespace sslbench {

// One rule { max_drop, unit } for `row`.`metric`; UserError at its place when it is none.
GateRule read_gate_rule(const TomlNode& node, const std::string& row, const std::string& metric);

// The rules of a file that holds the table, under [gate] or by itself. Which rows and metrics there are is not known
// here: a rule that matches nothing is for the gate to report.
std::vector<GateRule> read_gate_file(const std::filesystem::path& file);

// The rules in the text of a suite under its --set arguments (plan.json keeps both); none without [gate].
std::vector<GateRule> gate_rules_of_suite(const std::string& name, const std::string& text,
                                          const std::vector<std::string>& sets);

}  // namespace sslbench
