// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "suites/ground/settings.h"
#include "suites/training/optimizer.h"

namespace sslbench {

// The options of an update rule, and what they come to. UserError on settings that exclude each other.
std::vector<Option> optimizer_options();
OptimizerSettings optimizer_settings(const Settings& settings);

}  // namespace sslbench
