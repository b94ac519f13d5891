// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "suites/cli/text/exit_code.h"

namespace sslbench {

// Carries out a command and returns what the program exits with: an exception becomes one error on stderr and its code,
// and results that standard output did not take are no success.
int carry_out(const std::function<ExitCode()>& command);

}  // namespace sslbench
