// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// All tensors of a training as they are now, on the host; of a GPU in page-locked memory.
struct HostCopy {
  std::vector<NamedTensor> state;  // contiguous
  // To be called, by any thread, before the values are read: those of a GPU come after what is queued there.
  std::function<void()> wait;
};
// Does not wait for a GPU; what is queued there later changes nothing of the copy.
HostCopy host_copy(const std::vector<NamedTensor>& state, at::Device device);

}  // namespace sslbench
