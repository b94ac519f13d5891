// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

// The first of `places` below a folder in which there is `mark`: published sets are kept with and without the folders
// that their archives wrap around them.
inline std::optional<std::filesystem::path> set_root(const std::filesystem::path& folder,
                                                     const std::vector<std::string>& places, const std::string& mark) {
  for (const std::string& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(folder / place / mark, ignored)) return place;
  }
  return {};
}

}  // namespace sslbench
