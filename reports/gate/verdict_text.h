// SPDX-License-Identifier: Apache-2.0
// Verdicts as tables for a pull request and as lines for a terminal: those of gate, compare and ab look alike.
#pragma once

#include <string>
#include <vector>

#include "reports/gate/verdict_rows.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

// Cells with this verdict.
size_t count_of(const std::vector<VerdictRow>& rows, Verdict verdict);

// "❌ 1 regressed · ✅ 3 same"
std::string signed_counts(const std::vector<VerdictRow>& rows);
// What changed, then, folded away, what did not. The header names the cells of a row: row, metric, verdict, before,
// now, change, interval and, where rows have one, margin. Rows that would make a comment too long are counted.
std::string verdict_tables(const std::vector<VerdictRow>& rows, const std::vector<std::string>& header);

// "1 regressed, 3 same"
std::string verdict_counts(const std::vector<VerdictRow>& rows);
// Two lines or more each: the verdict, where, and the change; below it the means, the margin and the reason. What did
// not change is left out unless asked for.
std::string verdict_lines(const std::vector<VerdictRow>& rows, const TerminalForm& form, bool unchanged = false);
// How many were left out of that; "" for none.
std::string unchanged_text(const std::vector<VerdictRow>& rows);

}  // namespace sslbench
