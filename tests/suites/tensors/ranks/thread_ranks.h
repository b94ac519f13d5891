// SPDX-License-Identifier: Apache-2.0
// Ranks that are threads of one process, for tests.
#pragma once

#include <functional>

#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

// Runs `body` as each of `size` ranks, in a thread of its own with its ranks() in use; one rank is alone, in this
// thread. Sums are formed in the order of the ranks. When a rank throws, or leaves while others wait for it, their next
// collective throws PeerLost; the first cause is thrown on from here, a PeerLost only when there is no other.
void run_as_ranks(int64_t size, const std::function<void(Ranks&)>& body);

}  // namespace sslbench
