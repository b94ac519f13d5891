// SPDX-License-Identifier: Apache-2.0
// The runs at work as a table for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sslbench {

struct Situation;

// A header and a line a running run: what it does, how far, its last loss, its speed and the time left. No line is
// longer than `width` columns; names give way first.
std::vector<std::string> run_table(const Situation& situation, size_t width);

}  // namespace sslbench
