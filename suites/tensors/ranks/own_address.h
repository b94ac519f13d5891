// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// The address of this machine that `host` is reached from, as text; "" when there is no way there. A machine's own name
// often means its loopback (Debian: 127.0.1.1), where no other machine finds it. Sends nothing.
std::string address_towards(const std::string& host, int port);

}  // namespace sslbench
