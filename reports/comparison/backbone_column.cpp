// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/backbone_column.h"

#include <map>
#include <set>

#include "reports/record/asked_run.h"

namespace sslbench {
namespace {

using nlohmann::json;

// Of the row's first record, the only one that is read with all its settings.
json settings_of(const Comparison& comparison, const Row& row) {
  if (row.records.empty()) return json::object();
  return asked_run(comparison.records[row.records.front()]).backbone_settings;
}

std::string shown(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::vector<std::string> differing_backbones(const Comparison& comparison) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> values;  // backbone -> setting -> values
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) continue;
    auto& of_backbone = values[comparison.records[row.records.front()].backbone];
    const json settings = settings_of(comparison, row);
    for (const auto& [name, value] : settings.items()) of_backbone[name].insert(shown(value));
  }
  std::vector<std::string> out;
  std::set<std::string> different;
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) {
      out.emplace_back();
      continue;
    }
    std::string text = comparison.records[row.records.front()].backbone;
    const auto& known = values.at(text);
    const json settings = settings_of(comparison, row);
    for (const auto& [name, value] : settings.items()) {
      if (known.at(name).size() > 1) text += ", " + name + " " + shown(value);
    }
    different.insert(text);
    out.push_back(std::move(text));
  }
  return different.size() > 1 ? out : std::vector<std::string>();
}

}  // namespace sslbench
