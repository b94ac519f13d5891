// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/named_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "suites/ground/error.h"
#include "suites/ground/sha256.h"

namespace sslbench {

nlohmann::json NamedFiles::settle(const std::string& owner, const std::vector<Option>& options, nlohmann::json settings,
                                  const std::string& prefix, std::map<std::string, std::string>& files) {
  for (const Option& option : options) {
    if (option.type != OptionType::file) continue;
    const std::filesystem::path given = settings.at(option.name).get<std::string>();
    if (given.empty()) continue;
    std::error_code error;
    if (!std::filesystem::is_regular_file(given, error)) {
      const bool known = std::ranges::any_of(missing_, [&](const Missing& each) { return each.file == given; });
      if (!known) {
        missing_.push_back({given.string(), owner + ": " + option.name + ": there is no file '" + given.string() +
                                                "'; the path is taken from the working folder"});
      }
      continue;
    }
    settings[option.name] = std::filesystem::absolute(given).lexically_normal().string();
    files[prefix + option.name] = sha256_file(given);
  }
  return settings;
}

void NamedFiles::expect_all() const {
  std::string all;
  for (const auto& [file, line] : missing_) all += (all.empty() ? "" : "\n  ") + line;
  if (!all.empty()) throw UserError(all);
}

}  // namespace sslbench
