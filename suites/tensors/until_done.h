// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <functional>

namespace sslbench {

// What waits, when it is called by any thread, for all that this thread has queued on `device` so far. On the CPU there
// is nothing to wait for.
std::function<void()> until_done(c10::Device device);

}  // namespace sslbench
