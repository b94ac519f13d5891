// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// SIGTERM, SIGINT and SIGUSR1 ask for a stop at the next step boundary; one more than two
// seconds later ends the process at once (a manager may signal the whole group while the front end does, too). Also
// asks the kernel for SIGTERM when the parent dies, and ignores SIGPIPE and SIGXFSZ, so that writes fail instead.
void install_stop_signals();

bool stop_requested();

}  // namespace sslbench
