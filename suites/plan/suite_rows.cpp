// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/suite_rows.h"

#include <algorithm>
#include <set>

#include "suites/ground/name_rule.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"
#include "suites/plan/gate_rules.h"
#include "suites/plan/suite_choices.h"
#include "suites/plan/table_reader.h"

namespace sslbench {
namespace {

using nlohmann::json;

void check_row_name(const std::string& row, const TomlNode& node) {
  std::string reason = why_not_a_name(row);
  if (reason.empty() && row == "pretrain") reason = "'pretrain' is the name of the stage that every run begins with";
  if (!reason.empty()) fail_at(node.place, "row name: " + reason);
}

// The preset that a row names, which must be one of its plugin's; "" = none.
std::string take_preset(TableReader& reader, const TomlNode& row, const std::string& kind, const CatalogEntry& entry) {
  std::string preset = reader.take_text("preset", "");
  const json presets = entry.facts.value("presets", json::object());
  if (preset.empty() || presets.contains(preset)) return preset;
  std::vector<std::string> names;
  std::string listed;
  for (const auto& [name, values] : presets.items()) {
    names.push_back(name);
    listed += (listed.empty() ? "" : ", ") + name;
  }
  fail_at(place_of(row, "preset"), kind + " '" + entry.name + "' has no preset '" + preset + "'",
          quoted_if(nearest(preset, names)),
          (listed.empty() ? "it has none" : "its presets: " + listed) + "; " + describe(kind, entry.name));
}

json row_stage(TableReader& reader, const std::string& stage, const std::string& label, const Catalog& catalog) {
  const TomlNode* node = reader.take(stage);
  return node == nullptr ? json::object() : read_stage(*node, stage, stage + " of " + label, catalog);
}

constexpr const char* kInit = "init";

// The options that the table of `init` stands for, among those of its stage.
json read_init(const TomlNode& node, const std::string& label, const std::vector<Option>& options) {
  const std::string prefix = std::string(kInit) + "_";
  std::vector<Option> known;
  for (Option option : options) {
    if (option.name != kInit && !option.name.starts_with(prefix)) continue;
    option.name = option.name == kInit ? "weights" : option.name.substr(prefix.size());
    known.push_back(std::move(option));
  }
  TableReader reader(node, label, describe("stage", "pretrain"));
  const json given = reader.take_options(known);
  reader.finish();
  if (!given.contains("weights")) fail_at(node.place, label + " needs the key weights: the file to start from");
  json out = json::object();
  for (const auto& [name, value] : given.items()) out[name == "weights" ? std::string(kInit) : prefix + name] = value;
  return out;
}

// A row's own `init`: short for the one of its pretrain.
void add_init(TableReader& reader, const TomlNode& row, const std::string& label, const Catalog& catalog,
              json& pretrain) {
  const TomlNode* node = reader.take(kInit);
  if (node == nullptr) return;
  if (pretrain.contains(kInit)) fail_at(node->place, "'init' in " + label + " and in its pretrain: give it once");
  TomlNode table{row.place, true, {}, {{kInit, *node}}};
  pretrain.update(read_stage(table, "pretrain", label, catalog));
}

}  // namespace

json read_stage(const TomlNode& node, const std::string& stage, const std::string& label, const Catalog& catalog) {
  require_table(node, label, describe("stage", stage));
  const std::vector<Option>& options = catalog.find("stage", stage).options;
  TomlNode plain = node;
  json out = json::object();
  const auto init = plain.table.find(kInit);
  if (stage == "pretrain" && init != plain.table.end() && init->second.is_table) {
    out = read_init(init->second, "init in " + label, options);
    plain.table.erase(init);
  }
  TableReader reader(plain, label, describe("stage", stage));
  out.update(reader.take_options(options));
  reader.finish();
  return out;
}

MethodRow read_method_row(const std::string& row, const TomlNode& node, const Catalog& catalog) {
  check_row_name(row, node);
  const std::string label = "[methods." + row + "]";
  TableReader naming(node, label, "`sslbench list methods` shows all");
  MethodRow out;
  out.row = row;
  out.place = text_of(node.place);
  out.method = naming.take_text("method", row);
  const CatalogEntry& entry = find_at(place_of(node, "method"), "method", out.method, catalog);
  TableReader reader(node, label, describe("method", out.method));
  reader.take("method");
  if (const TomlNode* choice = reader.take("backbone")) out.backbone = read_choice(*choice, "backbone", catalog);
  if (const TomlNode* choice = reader.take("dataset")) out.dataset = read_choice(*choice, "dataset", catalog);
  out.preset = take_preset(reader, node, "method", entry);
  out.pretrain = row_stage(reader, "pretrain", label, catalog);
  add_init(reader, node, label, catalog, out.pretrain);
  if (out.pretrain.contains(kInit) && !entry.facts.value("trains", true)) {
    fail_at(node.place, label + ": method '" + out.method + "' does not train, so it starts from nothing", "",
            "write method = \"checkpoint\" with weights = \"FILE\" to evaluate weights as they are");
  }
  out.views = row_stage(reader, "views", label, catalog);
  out.options = reader.take_options(entry.options);
  reader.finish();
  return out;
}

ProtocolRow read_protocol_row(const std::string& row, const TomlNode& node, const Catalog& catalog,
                              const PluginChoice& fallback) {
  check_row_name(row, node);
  const std::string label = "[protocols." + row + "]";
  TableReader naming(node, label, "`sslbench list protocols` shows all");
  ProtocolRow out;
  out.row = row;
  out.protocol = naming.take_text("protocol", row);
  const CatalogEntry& entry = find_at(place_of(node, "protocol"), "protocol", out.protocol, catalog);
  TableReader reader(node, label, describe("protocol", out.protocol));
  reader.take("protocol");
  const TomlNode* choice = reader.take("dataset");
  out.dataset = choice != nullptr ? read_choice(*choice, "dataset", catalog) : fallback;
  const std::string preset = take_preset(reader, node, "protocol", entry);
  out.options = reader.take_options(entry.options);
  if (!preset.empty()) out.options["preset"] = preset;
  reader.finish();
  expect_other_sets(node, label, catalog);
  if (out.dataset.name.empty()) return out;  // the suite's own is a mistake that was told already
  expect_task(choice != nullptr ? choice->place : node.place, label, out.dataset.name, entry.facts.value("task", ""),
              catalog);
  return out;
}

std::vector<GateRule> read_gate(const TomlNode& node, const Suite& suite, const Catalog& catalog) {
  std::vector<GateRule> out;
  TableReader rows(node, "[gate]", "keys are protocol rows of this suite, and pretrain");
  std::vector<std::pair<std::string, std::vector<std::string>>> known = {{"pretrain", {}}};
  for (const ProtocolRow& protocol : suite.protocols) {
    const json& facts = catalog.find("protocol", protocol.protocol).facts;
    known.emplace_back(protocol.row, facts.value("metrics", std::vector<std::string>{}));
  }
  for (const auto& [row, metrics] : known) {
    const TomlNode* table = rows.take(row);
    if (table == nullptr) continue;
    TableReader reader(*table, "[gate] " + row, "`sslbench list protocols` shows the metrics");
    for (const std::string& metric : metrics.empty() ? table->keys() : metrics) {
      if (const TomlNode* rule = reader.take(metric)) out.push_back(read_gate_rule(*rule, row, metric));
    }
    reader.finish();
  }
  rows.finish();
  return out;
}

}  // namespace sslbench
