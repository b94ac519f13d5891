// SPDX-License-Identifier: Apache-2.0
// Shifts that a change means to make, in a TOML file that is reviewed and merged with it:
//   [accept."2026-12-02T05:50:00Z"]
//   suite = "smoke"
//   cell = "byol*"
//   metric = "*"
//   reason = "half the epochs"
//   by = "anna"
// The change itself is judged by it at once; all others go on being held against what was before, until a run of the
// change is recorded, which takes it over into the history.
#pragma once

#include <filesystem>
#include <vector>

#include "reports/history/history.h"

namespace sslbench {

// In the file's order; `asked` is the table's date. UserError with file and line.
std::vector<Acceptance> read_acceptance_file(const std::filesystem::path& file);

// Appends one, dated now (or the first second after it that is free), and makes the file where there is none; what is
// in it already keeps every byte. UserError where it cannot be read; RunFailure(storage).
void add_to_acceptance_file(const std::filesystem::path& file, const Acceptance& acceptance);

// Those of `asked` that `history` does not hold yet, and that concern `suite`.
std::vector<Acceptance> pending(const std::vector<Acceptance>& asked, const History& history, const std::string& suite);

}  // namespace sslbench
