// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// A TCP port of this machine's loopback that nobody uses now. RunFailure(ranks) when there is none.
int free_port();

}  // namespace sslbench
