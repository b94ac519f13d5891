// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/dataset_settings.h"

#include "suites/spec/error.h"

namespace sslbench {

nlohmann::json dataset_settings(const DatasetEntry& entry, const std::vector<std::string>& words) {
  using nlohmann::json;
  json out = json::object();
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) throw UserError("--set: expected KEY=VALUE, got '" + word + "'");
    const std::string text = word.substr(equals + 1);
    const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    out[word.substr(0, equals)] = value.is_number() || value.is_boolean() ? value : json(text);
  }
  const Settings checked("dataset '" + entry.name + "'", entry.options, out);
  return out;
}

}  // namespace sslbench
