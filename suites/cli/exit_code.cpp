// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/exit_code.h"

#include <algorithm>

namespace sslbench {

ExitCode strongest(std::initializer_list<ExitCode> codes) {
  for (ExitCode code : {ExitCode::internal, ExitCode::user_error, ExitCode::interrupted, ExitCode::refused,
                        ExitCode::nothing, ExitCode::runs_failed, ExitCode::regression}) {
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return code;
  }
  return ExitCode::done;
}

}  // namespace sslbench
