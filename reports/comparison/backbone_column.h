// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// What each row's backbone is, where rows differ in it: "resnet18, width 16" with those settings alone that differ.
// Empty where all rows that ran have the same one.
std::vector<std::string> differing_backbones(const Comparison& comparison);

}  // namespace sslbench
