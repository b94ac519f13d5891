// SPDX-License-Identifier: Apache-2.0
// How values and options of the catalog read in tables.
#pragma once

#include <string>

#include "suites/ground/settings.h"

namespace sslbench {

// Numbers without a trailing ".0", texts without quotes, lists joined by ", ".
std::string value_text(const nlohmann::json& value);

// "integer in [1, 1000]", "one of sgd, adam".
std::string option_range_text(const Option& option);

// "method" for "methods" and "method"; UserError naming the nearest kind.
std::string singular_kind(const std::string& kind);

}  // namespace sslbench
