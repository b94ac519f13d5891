// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/python_constructor.h"

#include <algorithm>

namespace sslbench {
namespace {

using nlohmann::json;

std::string python_literal(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  return value.is_string() ? "'" + value.get<std::string>() + "'" : value.dump();
}

std::string python_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The option's value: as given, else its default.
json value_of(const Option& option, const json& settings) {
  return canonical(option, settings.contains(option.name) ? settings.at(option.name) : option.fallback);
}

bool fits(const json& constructor, const CatalogEntry& backbone, const json& settings) {
  const json& when = constructor.at("when");
  const auto free = constructor.at("free").get<std::vector<std::string>>();
  return std::ranges::all_of(backbone.options, [&](const Option& option) {
    const json value = value_of(option, settings);
    if (when.contains(option.name)) return value == canonical(option, when.at(option.name));
    const bool passed =
        std::ranges::any_of(constructor.at("passed"), [&](const json& pair) { return pair.at(0) == option.name; });
    return passed || std::ranges::find(free, option.name) != free.end() || value == canonical(option, option.fallback);
  });
}

PythonConstructor built(const json& constructor, const CatalogEntry& backbone, const json& settings, int64_t classes) {
  PythonConstructor out{.library = constructor.at("library")};
  std::vector<std::string> arguments;
  const bool timm = out.library == "timm";
  if (timm) arguments.push_back("'" + constructor.at("model").get<std::string>() + "'");
  if (timm || classes > 0) arguments.push_back("num_classes=" + std::to_string(classes));
  for (const json& each : constructor.at("arguments")) arguments.push_back(each);
  for (const json& pair : constructor.at("passed")) {
    const auto option = std::ranges::find(backbone.options, pair.at(0).get<std::string>(), &Option::name);
    const json value = value_of(*option, settings);
    if (value == canonical(*option, option->fallback)) continue;
    arguments.push_back(pair.at(1).get<std::string>() + "=" + python_literal(value));
  }
  out.call = timm ? "timm.create_model(" : "torchvision.models." + constructor.at("model").get<std::string>() + "(";
  for (size_t i = 0; i < arguments.size(); ++i) out.call += (i == 0 ? "" : ", ") + arguments[i];
  out.call += ')';
  out.statements = constructor.at("then").get<std::vector<std::string>>();
  if (classes == 0) {
    for (const json& each : constructor.at("headless")) out.statements.push_back(each);
  }
  return out;
}

}  // namespace

std::optional<PythonConstructor> python_constructor(const CatalogEntry& backbone, const json& settings,
                                                    int64_t classes) {
  for (const json& each : backbone.facts.value("published", json::array())) {
    if (classes > 0 && !each.at("takes_head").get<bool>()) continue;
    if (fits(each, backbone, settings)) return built(each, backbone, settings, classes);
  }
  return std::nullopt;
}

std::string constructor_text(const PythonConstructor& constructor) {
  json out = {{"library", constructor.library}, {"call", constructor.call}};
  if (!constructor.statements.empty()) out["statements"] = constructor.statements;
  return out.dump();
}

std::string python_loader(const PythonConstructor& constructor, const std::string& file) {
  std::string out = "import torch, " + constructor.library + "\nfrom safetensors.torch import load_file\n\n";
  out += "model = " + constructor.call + "\n";
  for (const std::string& each : constructor.statements) out += each + "\n";
  return out + "model.load_state_dict(load_file(" + python_text(file) + "), strict=True)\n";
}

}  // namespace sslbench
