// SPDX-License-Identifier: Apache-2.0
#include "suites/files/abandoned_files.h"

#include <system_error>
#include <vector>

namespace sslbench {

namespace fs = std::filesystem;

void remove_abandoned(const fs::path& folder, const std::string& target) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("." + target) && name.ends_with(".tmp")) found.push_back(entry.path());
  }
  for (const fs::path& file : found) fs::remove(file, ignored);
}

}  // namespace sslbench
