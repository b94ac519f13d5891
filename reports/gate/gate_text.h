// SPDX-License-Identifier: Apache-2.0
// Gate and comparison as Markdown for a pull request, text for a terminal, JSON, JUnit XML and GitHub annotations.
// Equal input gives equal bytes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/gate/gate.h"
#include "reports/history/snapshot_comparison.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

// How a shift that is meant is accepted; "" where nothing asks for it.
std::string acceptance_text(const GateReport& report);

// Worst cells first, what is unchanged folded away; fits into GitHub's 64 KB comment.
std::string gate_markdown(const GateReport& report);
std::string gate_terminal(const GateReport& report, const TerminalForm& form);
nlohmann::json gate_json(const GateReport& report);      // schema sslbench.gate/1
std::string gate_junit(const GateReport& report);        // one test case a cell
std::string gate_annotations(const GateReport& report);  // ::error and ::warning lines

std::string comparison_markdown(const SnapshotComparison& comparison);
std::string comparison_terminal(const SnapshotComparison& comparison, const TerminalForm& form);
nlohmann::json comparison_json(const SnapshotComparison& comparison);  // schema sslbench.compare/1

}  // namespace sslbench
