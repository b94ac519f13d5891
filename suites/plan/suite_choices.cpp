// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/suite_choices.h"

#include <algorithm>
#include <set>

#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"
#include "suites/plan/joined_set.h"
#include "suites/plan/other_sets.h"
#include "suites/plan/table_reader.h"

namespace sslbench {
namespace {

using nlohmann::json;

// Some published sets are for testing alone.
bool trains(const CatalogEntry& dataset) { return dataset.facts.value("trains", true); }

bool offers(const CatalogEntry& dataset, const std::string& task) {
  const json tasks = dataset.facts.value("tasks", json::array());
  if (!trains(dataset)) return false;
  return task.empty() || std::find(tasks.begin(), tasks.end(), task) != tasks.end();
}

std::string with_task(const Catalog& catalog, const std::string& task) {
  std::string out;
  for (const std::string& name : catalog.names("dataset")) {
    if (offers(catalog.find("dataset", name), task)) out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

// What a choice names; a dataset of a suite is trained on.
const CatalogEntry& find_choice(const TomlPlace& place, const std::string& kind, const std::string& name,
                                const Catalog& catalog) {
  const CatalogEntry& entry = find_at(place, kind, name, catalog);
  if (kind == "dataset" && !trains(entry)) {
    fail_at(place, "'dataset': '" + name + "' is published for testing alone and has nothing to train on", "",
            "name the set to train on");
  }
  return entry;
}

// dataset = ["pets", "extra"]
PluginChoice read_joined(const TomlNode& node, const Catalog& catalog) {
  std::string joined;
  std::set<std::string> seen;
  const bool names = std::ranges::all_of(node.value, [](const json& each) { return each.is_string(); });
  if (!names || node.value.size() < 2) {
    fail_at(node.place, "'dataset': expected the names of two sets or more to join, got " + short_value(node.value));
  }
  for (const json& each : node.value) {
    const std::string name = each.get<std::string>();
    find_choice(node.place, "dataset", name, catalog);
    if (!seen.insert(name).second) fail_at(node.place, "'dataset': '" + name + "' is there twice");
    joined += (joined.empty() ? "" : "+") + name;
  }
  return {joined, json::object()};
}

}  // namespace

std::string quoted_if(const std::string& near) { return near.empty() ? "" : "did you mean '" + near + "'?"; }

const CatalogEntry& find_at(const TomlPlace& place, const std::string& kind, const std::string& name,
                            const Catalog& catalog) {
  const std::vector<std::string> names = catalog.names(kind);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    fail_at(place, "unknown " + kind + " '" + name + "'", quoted_if(nearest(name, names)),
            "`sslbench list " + kind + "s` shows all");
  }
  return catalog.find(kind, name);
}

const TomlPlace& place_of(const TomlNode& table, const std::string& key) {
  const auto found = table.table.find(key);
  return found == table.table.end() ? table.place : found->second.place;
}

std::string describe(const std::string& kind, const std::string& name) {
  return "`sslbench describe " + kind + " " + name + "` lists all keys";
}

PluginChoice read_choice(const TomlNode& node, const std::string& kind, const Catalog& catalog) {
  if (!node.is_table && kind == "dataset" && node.value.is_array()) return read_joined(node, catalog);
  if (!node.is_table) {
    if (!node.value.is_string()) {
      fail_at(node.place,
              "'" + kind + "': expected a name or { name = ..., option = ... }, got " + short_value(node.value));
    }
    const std::string name = node.value.get<std::string>();
    find_choice(node.place, kind, name, catalog);
    return {name, json::object()};
  }
  TableReader reader(node, kind, "`sslbench list " + kind + "s` shows all");
  const std::string name = reader.take_text("name", "");
  if (name.empty()) fail_at(node.place, "'" + kind + "': the table needs a name: { name = ..., option = ... }");
  const CatalogEntry& entry = find_choice(place_of(node, "name"), kind, name, catalog);
  TableReader options(node, kind + " '" + name + "'", describe(kind, name));
  options.take("name");
  PluginChoice choice{name, options.take_options(entry.options)};
  options.finish();
  return choice;
}

void expect_other_sets(const TomlNode& row, const std::string& label, const Catalog& catalog) {
  const auto list = row.table.find(kOtherSets);
  if (list == row.table.end()) return;
  const TomlPlace& place = list->second.place;
  const json& names = list->second.value;
  const std::string subject = "'" + list->first + "' in " + label + ": ";
  if (names.empty()) fail_at(place, subject + "expected the names of one set or more, got []");
  std::set<json> seen;
  for (const json& name : names) {
    find_at(place, "dataset", name, catalog);
    if (!seen.insert(name).second) fail_at(place, subject + short_value(name) + " is there twice");
  }
}

void expect_task(const TomlPlace& place, const std::string& label, const std::string& dataset, const std::string& task,
                 const Catalog& catalog) {
  if (offers(dataset_in(catalog, dataset), task)) return;
  const std::string have = with_task(catalog, task);
  fail_at(place, label + " needs a dataset for " + task + ", and '" + dataset + "' has none", "",
          "add a key such as dataset = \"" + have.substr(0, have.find(',')) + "\" to " + label + "; datasets for " +
              task + ": " + have);
}

}  // namespace sslbench
