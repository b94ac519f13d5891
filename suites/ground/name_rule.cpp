// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/name_rule.h"

#include <algorithm>
#include <cctype>

namespace sslbench {
namespace {

constexpr size_t kLongestName = 40;  // file names add seed, id and extension; table columns hold 64 bytes

}  // namespace

std::string why_not_a_name(const std::string& name) {
  const bool characters = std::all_of(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
  if (!name.empty() && name.size() <= kLongestName && characters && name[0] != '.' && name[0] != '-') return "";
  return "expected a name of 1 to 40 letters, digits, '.', '_' or '-' that starts with none of '.' and '-', got '" +
         name + "'";
}

}  // namespace sslbench
