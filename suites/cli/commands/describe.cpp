// SPDX-License-Identifier: Apache-2.0
// sslbench describe KIND NAME
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "reports/record/metric.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/text/catalog_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

using nlohmann::json;

// "resnet18 of torchvision": what it is called where it was published.
std::string published_names(const json& published) {
  std::vector<std::string> names;
  for (const json& each : published) {
    const std::string name = each.at("model").get<std::string>() + " of " + each.at("library").get<std::string>();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return value_text(names);
}

// Lists (pitfalls) get a line an element, `uses_labels: false` becomes "uses labels: no".
void write_facts(std::ostream& out, const std::string& kind, const json& facts) {
  for (const auto& [key, value] : facts.items()) {
    const bool own_section = key == "presets" || key == "declared" || (kind == "recipe" && key == "views");
    if (own_section || value.is_null() || value == "" || value == json::array()) continue;
    if (key == "published") {
      out << "  in Python: " << published_names(value) << " (`sslbench export` prints what loads its weights)\n";
      continue;
    }
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    if (key != "pitfalls") {
      out << "  " << name << ": " << (value.is_boolean() ? (value ? "yes" : "no") : value_text(value)) << "\n";
      continue;
    }
    out << "  " << name << ":\n";
    for (const json& line : value) out << "    - " << line.get<std::string>() << "\n";
  }
}

void write_presets(std::ostream& out, const json& presets) {
  for (const auto& [name, preset] : presets.items()) {
    const std::string source = preset.value("source", "");  // protocols'
    out << "\npreset " << name << (name == "cifar" ? " (views up to 96 px)" : "")
        << (source.empty() ? "" : ": " + source) << "\n";
    if (!source.empty()) {
      for (const auto& [key, value] : preset.at("values").items()) {
        out << "  " << key << " = " << value.dump() << "\n";
      }
      continue;
    }
    const json flat = preset.flatten();
    for (const auto& [path, value] : flat.items()) {
      std::string key = path.substr(1);
      for (char& c : key) c = c == '/' ? '.' : c;
      out << "  " << key << " = " << value.dump() << "\n";
    }
  }
}

void write_options(std::ostream& out, const std::vector<Option>& options) {
  if (options.empty()) {
    out << "\nno options\n";
    return;
  }
  TextTable table({"option", "default", "values", "meaning"});
  for (const Option& option : options) {
    table.add({option.name, value_text(option.fallback), option_range_text(option), option.help});
  }
  out << "\n" << table.with_sentences(width_at(STDOUT_FILENO));
}

// Of a protocol: everything that it measures, costs of every stage last.
void write_metrics(std::ostream& out, const json& declared) {
  if (declared.empty()) return;
  TextTable table({"metric", "unit", "better", "kind", "definition"});
  for (const Metric& metric : metrics_from_json(declared)) {
    const std::string undefined = metric.undefined_when.empty() ? "" : "; undefined: " + metric.undefined_when;
    table.add({metric.name + (metric.name.ends_with('/') ? "<class>" : ""), metric.unit, better_name(metric.better),
               kind_name(metric.kind), metric.definition + undefined});
  }
  out << "\n" << table.with_sentences(width_at(STDOUT_FILENO));
}

// What a recipe says about the views; all other keys have their defaults.
void write_recipe(std::ostream& out, const json& views, const std::vector<Option>& options) {
  TextTable table({"key", "value", "default", "meaning"});
  for (const Option& option : options) {
    if (!views.contains(option.name)) continue;
    table.add({option.name, value_text(views.at(option.name)), value_text(option.fallback), option.help});
  }
  out << "\n"
      << table.with_sentences(width_at(STDOUT_FILENO))
      << "\nall other keys have their defaults: `sslbench describe stage views`\n";
}

}  // namespace

ExitCode describe_plugin(const DescribeOptions& options) {
  const std::string kind = singular_kind(options.kind);
  if (kind == "suite") {
    std::cout << read_file(find_suite(options.name));
    return ExitCode::done;
  }
  const Catalog catalog = load_catalog();
  const CatalogEntry& entry = catalog.find(kind, options.name);
  if (options.json) {
    json declared = json::array();
    for (const Option& option : entry.options) declared.push_back(option_to_json(option));
    std::cout << json{{"schema", "sslbench.describe/1"}, {"kind", kind},         {"name", entry.name},
                      {"summary", entry.summary},        {"facts", entry.facts}, {"options", declared}}
                     .dump(1)
              << "\n";
    return ExitCode::done;
  }
  std::ostringstream out;
  out << kind << " " << entry.name << ": " << entry.summary << "\n";
  write_facts(out, kind, entry.facts);
  if (kind == "recipe") {
    write_recipe(out, entry.facts.at("views"), catalog.find("stage", "views").options);
  } else {
    write_options(out, entry.options);
    write_metrics(out, entry.facts.value("declared", json::array()));
    write_presets(out, entry.facts.value("presets", json::object()));
  }
  std::cout << fitted(out.str(), width_at(STDOUT_FILENO));
  return ExitCode::done;
}

}  // namespace sslbench
