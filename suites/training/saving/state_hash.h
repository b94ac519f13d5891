// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// SHA-256 over names, shapes and bytes of all tensors, in order, and the step: two trainings with equal hashes are in
// the same state (equal loss proves nothing). Copies tensors of other devices to the host.
std::string state_hash(const std::vector<NamedTensor>& state, int64_t step);

}  // namespace sslbench
