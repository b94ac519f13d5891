// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/catalog.h"

#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"

namespace sslbench {

using nlohmann::json;

const CatalogEntry& Catalog::find(const std::string& kind, const std::string& name) const {
  const auto group = kinds.find(kind);
  if (group == kinds.end()) {
    std::vector<std::string> known;
    for (const auto& [each, entries] : kinds) known.push_back(each);
    throw UserError("unknown kind '" + kind + "'" + did_you_mean(kind, known));
  }
  const auto entry = group->second.find(name);
  if (entry != group->second.end()) return entry->second;
  throw UserError("unknown " + kind + " '" + name + "'" + did_you_mean(name, names(kind)) + "; `sslbench list " + kind +
                  "s` shows all");
}

std::vector<std::string> Catalog::names(const std::string& kind) const {
  std::vector<std::string> out;
  const auto group = kinds.find(kind);
  if (group == kinds.end()) return out;
  for (const auto& [name, entry] : group->second) out.push_back(name);
  return out;
}

json catalog_to_json(const Catalog& catalog) {
  json kinds = json::object();
  for (const auto& [kind, entries] : catalog.kinds) {
    json group = json::array();
    for (const auto& [name, entry] : entries) {
      json options = json::array();
      for (const Option& option : entry.options) options.push_back(option_to_json(option));
      group.push_back({{"name", name}, {"summary", entry.summary}, {"options", options}, {"facts", entry.facts}});
    }
    kinds[kind] = group;
  }
  return {{"schema", "sslbench.catalog/1"}, {"build", catalog.build}, {"kinds", kinds}};
}

Catalog catalog_from_json(const json& from) {
  Catalog catalog;
  catalog.build = from.at("build");
  for (const auto& [kind, group] : from.at("kinds").items()) {
    auto& entries = catalog.kinds[kind];
    for (const json& each : group) {
      CatalogEntry entry{each.at("name"), each.at("summary"), {}, each.at("facts")};
      for (const json& option : each.at("options")) entry.options.push_back(option_from_json(option));
      entries.emplace(entry.name, std::move(entry));
    }
  }
  return catalog;
}

}  // namespace sslbench
