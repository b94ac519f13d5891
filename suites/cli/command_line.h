// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sslbench {

// Parses the command line and carries out its command; every error is said in one line or paragraph on stderr.
// Returns the exit code.
int command_line(int argc, const char* const* argv);

// Every flag of every command as "run --set", sorted: public API, pinned by a test.
std::vector<std::string> command_line_flags();

// Every command that does something: "run", "history record".
std::vector<std::string> command_names();

// Why these arguments, quoted as for a shell, are no command; "" where they are one. Carries nothing out.
std::string command_line_mistake(const std::string& arguments);

}  // namespace sslbench
