// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

namespace sslbench {

// Exit codes of `sslbench` (public API).
enum class ExitCode {
  done = 0,
  regression = 1,   // a confirmed one, and nothing else
  user_error = 2,   // bad command line, suite or file
  runs_failed = 3,  // finished, but some runs failed
  nothing = 4,      // nothing measured or nothing comparable
  refused = 5,      // protocol, data or machine class differ
  internal = 70,
  interrupted = 75,  // the same command goes on
};

// The one that counts where several apply: 70 > 2 > 75 > 5 > 4 > 3 > 1 > 0.
ExitCode strongest(std::initializer_list<ExitCode> codes);

// What each means, for --help and the manual: one line without its end.
std::string exit_codes_text();

}  // namespace sslbench
