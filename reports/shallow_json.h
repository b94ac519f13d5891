// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace sslbench {

inline constexpr int kMostNesting = 64;

// A JSON text from elsewhere; discarded (nlohmann's word) when it is none or nests deeper than kMostNesting: writing
// and comparing values is recursive, and the stack ends somewhere.
nlohmann::json parse_shallow_json(std::string_view text);

}  // namespace sslbench
