// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/gate_rules.h"

#include <algorithm>

#include "suites/ground/near_miss.h"
#include "suites/ground/settings.h"
#include "suites/plan/table_reader.h"

namespace sslbench {
namespace {

// Costs are judged in percent only.
std::string hint(const std::string& row, const std::string& metric) {
  constexpr const char* kCosts[] = {"throughput", "wall_time", "cpu_time", "peak_memory", "energy"};
  const bool cost = std::any_of(std::begin(kCosts), std::end(kCosts),
                                [&](const std::string& name) { return metric.starts_with(name); });
  return "write " + row + "." + metric +
         (cost ? " = { max_drop = 5, unit = \"percent\" }" : " = { max_drop = 0.5, unit = \"points\" }");
}

// detection.ap50, and detection."ap50/rare" where TOML asks for quotes.
std::string with_quoted_metric(const std::string& rule) {
  const size_t dot = rule.find('.');
  const std::string metric = rule.substr(dot + 1);
  const bool bare =
      metric.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
  return rule.substr(0, dot + 1) + (bare ? metric + " without quotes" : "\"" + metric + "\"");
}

std::vector<GateRule> read_rows(const TomlNode& gate) {
  require_table(gate, "[gate]", hint("linear_probe", "top1"));
  std::vector<GateRule> out;
  for (const std::string& row : gate.keys()) {
    const TomlNode& metrics = gate.table.at(row);
    if (row.find('.') != std::string::npos)
      fail_at(metrics.place, "[gate] \"" + row + "\": write " + with_quoted_metric(row));
    require_table(metrics, "[gate] " + row, hint(row, "top1"));
    for (const std::string& metric : metrics.keys()) {
      out.push_back(read_gate_rule(metrics.table.at(metric), row, metric));
    }
  }
  return out;
}

}  // namespace

GateRule read_gate_rule(const TomlNode& node, const std::string& row, const std::string& metric) {
  TableReader reader(node, "[gate] " + row + "." + metric, hint(row, metric));
  const std::vector<Option> options = {real_option("max_drop", 0, 0, 1e9, ""),
                                       choice_option("unit", "points", {"points", "percent"}, "")};
  const nlohmann::json given = reader.take_options(options);
  reader.finish();
  if (!given.contains("max_drop") || !given.contains("unit")) {
    fail_at(node.place, "[gate] " + row + "." + metric + ": expected both max_drop and unit");
  }
  return {row, metric, given["max_drop"].get<double>(), given["unit"].get<std::string>()};
}

std::vector<GateRule> read_gate_file(const std::filesystem::path& file) {
  const TomlNode root = read_toml_file(file);
  const auto gate = root.table.find("gate");
  if (gate != root.table.end() && root.table.size() > 1) {
    fail_at(root.place, "a file of gate rules holds [gate] and nothing else");
  }
  for (const std::string& name : root.keys()) {
    if (name != "gate" && nearest(name, {"gate"}) == "gate") {
      fail_at(root.table.at(name).place, "unknown table [" + name + "]; did you mean [gate]?");
    }
  }
  return read_rows(gate == root.table.end() ? root : gate->second);
}

std::vector<GateRule> gate_rules_of_suite(const std::string& name, const std::string& text,
                                          const std::vector<std::string>& sets) {
  TomlNode root = read_toml_text(name, text);
  for (const std::string& set : sets) overlay_toml(root, parse_set_argument(set));
  const auto gate = root.table.find("gate");
  return gate == root.table.end() ? std::vector<GateRule>{} : read_rows(gate->second);
}

}  // namespace sslbench
