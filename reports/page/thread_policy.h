// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>

namespace sslbench {

// For std::async: where no thread can be made, the work waits for who asks for its result.
inline constexpr auto kWhereThreads = std::launch::async | std::launch::deferred;

}  // namespace sslbench
