// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/ground/settings.h"
#include "suites/plan/mistakes.h"
#include "suites/plan/toml_tree.h"

namespace sslbench {

// Reads one TOML table key by key: every key asked for is known, and finish() refuses what nobody asked for, with all
// options that were wrong.
// `label` names the table in errors ("[methods.simclr]"); `advice` says how to see its keys.
// Throws UserError at `node`, naming it by `label`, when it is not a table.
void require_table(const TomlNode& node, const std::string& label, const std::string& advice);

class TableReader {
 public:
  // As require_table.
  TableReader(const TomlNode& node, std::string label, std::string advice);

  // The value of `key`, or null when it is absent.
  const TomlNode* take(const std::string& key);
  // The string at `key`, or `fallback`; another type is a UserError.
  std::string take_text(const std::string& key, const std::string& fallback);
  // The given ones of these options as a JSON object, each checked for type and range; finish() tells what is wrong.
  nlohmann::json take_options(const std::vector<Option>& options);
  // UserError for wrong options and for every key that was never asked for, with the nearest that was.
  void finish();

 private:
  const TomlNode& node_;
  std::string label_, advice_;
  std::vector<std::string> known_;
  Mistakes mistakes_;
};

}  // namespace sslbench
