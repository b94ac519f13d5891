// SPDX-License-Identifier: Apache-2.0
// Several data sets joined have one name, "pets+extra": no single set's name has a plus.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

inline bool is_joined(std::string_view name) { return name.find('+') != std::string_view::npos; }

inline std::vector<std::string> joined_parts(std::string_view name) {
  std::vector<std::string> out;
  for (size_t end = name.find('+'); end != std::string_view::npos; end = name.find('+')) {
    out.emplace_back(name.substr(0, end));
    name.remove_prefix(end + 1);
  }
  out.emplace_back(name);
  return out;
}

}  // namespace sslbench
