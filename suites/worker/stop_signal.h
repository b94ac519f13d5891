// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// SIGTERM, SIGINT and SIGUSR1 ask for a stop at the next step boundary; a second one ends the process at once. Also
// asks the kernel for SIGTERM when the parent dies, and ignores SIGPIPE.
void install_stop_signals();

bool stop_requested();

}  // namespace sslbench
