// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace sslbench {

// body(i) for 0 <= i < count, shared by the processors of this machine; what one throws is thrown here.
void for_each_concurrently(size_t count, const std::function<void(size_t)>& body);

}  // namespace sslbench
