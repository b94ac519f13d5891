// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <future>

namespace sslbench {

// For std::async: where no thread can be made, the work waits for who asks for its result.
inline constexpr auto kWhereThreads = std::launch::async | std::launch::deferred;

// body(i) for 0 <= i < count, shared by the processors of this machine; what one throws is thrown here.
void for_each_concurrently(size_t count, const std::function<void(size_t)>& body);

}  // namespace sslbench
