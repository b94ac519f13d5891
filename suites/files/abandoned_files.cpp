// SPDX-License-Identifier: Apache-2.0
#include "suites/files/abandoned_files.h"

#include <system_error>
#include <vector>

namespace sslbench {

namespace fs = std::filesystem;

namespace {

template <class IsOne>
void remove_temporaries(const fs::path& folder, IsOne is_one) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') && name.ends_with(".tmp") && is_one(name)) found.push_back(entry.path());
  }
  for (const fs::path& file : found) fs::remove(file, ignored);
}

}  // namespace

void remove_abandoned(const fs::path& folder) {
  remove_temporaries(folder, [](const std::string&) { return true; });
}

void remove_abandoned(const fs::path& folder, const std::set<std::string>& targets) {
  // ".<target>[.<ending>].<pid>-<digits>.tmp": the target ends at some dot.
  remove_temporaries(folder, [&](const std::string& name) {
    for (size_t dot = name.find('.', 1); dot != std::string::npos; dot = name.find('.', dot + 1)) {
      if (targets.contains(name.substr(1, dot - 1))) return true;
    }
    return false;
  });
}

}  // namespace sslbench
