// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/exit_code.h"

#include <algorithm>

namespace sslbench {

ExitCode strongest(std::initializer_list<ExitCode> codes) {
  for (ExitCode code : {ExitCode::internal, ExitCode::user_error, ExitCode::interrupted, ExitCode::refused,
                        ExitCode::nothing, ExitCode::runs_failed, ExitCode::regression}) {
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return code;
  }
  return ExitCode::done;
}

std::string exit_codes_text() {
  return "Exit codes: 0 done, 1 the gate found a regression, 2 bad command line, suite or file, 3 some runs failed, "
         "4 nothing to report or something missing, 5 not comparable, 70 internal error, 75 interrupted (the same "
         "command goes on).";
}

}  // namespace sslbench
