// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sslbench {

// Where a TOML text first nests tables and lists deeper than `most`: parts of dotted keys and of [headers], brackets
// and braces. The offset of a byte; none where it stays above. Of a text that is no TOML, what comes before its first
// mistake counts.
std::optional<size_t> find_deep_toml(std::string_view text, int most);

}  // namespace sslbench
