// SPDX-License-Identifier: Apache-2.0
// Files that settings name: what they hold counts, not where they lie.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/ground/settings.h"

namespace sslbench {

class NamedFiles {
 public:
  // `settings` with absolute paths for file options; `files` gets the SHA-256 of what they hold, as "<prefix><option>".
  // What is not there is left as it is and kept in mind; `owner` says whose option named it first.
  nlohmann::json settle(const std::string& owner, const std::vector<Option>& options, nlohmann::json settings,
                        const std::string& prefix, std::map<std::string, std::string>& files);
  // UserError with a line for every file that was not there: a person fetches them together.
  void expect_all() const;

 private:
  struct Missing {
    std::string file, line;
  };
  std::vector<Missing> missing_;  // in the order of the suite, each file once
};

}  // namespace sslbench
