// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// How a metric of the report is computed, one sentence; for one that is not known here, where to read it.
std::string definition_of(const std::string& metric);

}  // namespace sslbench
