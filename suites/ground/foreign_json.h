// SPDX-License-Identifier: Apache-2.0
// The one way in for JSON of files and other programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace sslbench {

// Lists and tables within each other: values are copied, compared and written recursively, and the stack ends
// somewhere.
inline constexpr int kDeepestNesting = 64;

// nlohmann's exception when `text` is no JSON or nests deeper than kDeepestNesting.
nlohmann::json parse_foreign_json(std::string_view text);

// Nesting alone, for who parses on its own.
void expect_shallow_json(std::string_view text);

}  // namespace sslbench
