// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

// Returns the candidate nearest to `typed` by Damerau-Levenshtein distance ('-', '_' and case are equal), or "" when
// none is within a third of the length of the longer word (at least 1).
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

// Returns " (did you mean 'x'?)" or "" for use at the end of an error line.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace sslbench
