// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data/dataset_settings.h"

#include <optional>

#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"

namespace sslbench {

namespace {

using nlohmann::json;

std::optional<json> number_or_flag(const std::string& text) {
  try {
    json value = parse_foreign_json(text);
    if (value.is_number() || value.is_boolean()) return value;
  } catch (const json::exception&) {  // a text, then
  }
  return std::nullopt;
}

}  // namespace

nlohmann::json dataset_settings(const DatasetEntry& entry, const std::vector<std::string>& words) {
  json out = json::object();
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) throw UserError("--set: expected KEY=VALUE, got '" + word + "'");
    const std::string text = word.substr(equals + 1);
    out[word.substr(0, equals)] = number_or_flag(text).value_or(text);
  }
  const Settings checked("dataset '" + entry.name + "'", entry.options, out);
  return out;
}

}  // namespace sslbench
