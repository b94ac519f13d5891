// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// The first number of a network's tensors that no network can be evaluated with: NaN, an infinity, or a variance of
// batch norm below 0, of which the root would be taken. "conv1.weight[0, 2, 1, 1] is nan", or "" when there is none.
std::string unusable_weight(const std::vector<NamedTensor>& tensors);

}  // namespace sslbench
