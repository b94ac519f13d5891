// SPDX-License-Identifier: Apache-2.0
// What `--help` of each command shows as examples.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sslbench {

struct CommandExample {
  std::string command;    // "gate", "history record"; "" = those of `sslbench --help`
  std::string arguments;  // all that follows `sslbench`
  std::string does;
};

const std::vector<CommandExample>& command_examples();

// Those of one command as text for its help, what each does beside it, or below where that is wider than `width`; ""
// where it has none.
std::string examples_text(const std::string& command, size_t width);

}  // namespace sslbench
