// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/sameness.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kMostNamed = 3;  // differences in one line

const json& part(const json& object, const char* key) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text(const json& value) { return value.is_string() ? value.get<std::string>() : ""; }

// `settings` with the digests of files in place of their paths: what a file holds counts, not where it lies.
json with_digests(json settings, const json& files, const std::string& prefix) {
  if (!files.is_object() || !settings.is_object()) return settings;
  for (const auto& [name, digest] : files.items()) {
    if (!name.starts_with(prefix)) continue;
    const std::string option = name.substr(prefix.size());
    if (option.find('.') == std::string::npos) settings[option] = digest;
  }
  return settings;
}

// The first digits of a file's SHA-256 tell it from another.
std::string shown_text(const std::string& text) {
  constexpr size_t kDigest = 64, kShown = 12;
  const bool digest = text.size() == kDigest && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return digest ? text.substr(0, kShown) : text;
}

std::string shown(const json& object, const std::string& key) {
  const auto found = object.find(key);
  if (found == object.end()) return "none";
  return found->is_string() ? shown_text(found->get<std::string>())
                            : found->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Sameness::Sameness(const Catalog& catalog) {
  for (const auto& [kind, entries] : catalog.kinds) {
    for (const auto& [name, entry] : entries) {
      for (const Option& option : entry.options) {
        if (!option.circumstance && !option.evaluated && option.neutral.is_null()) continue;
        rules_[kind + " " + name].emplace(option.name, Rule{option.circumstance, option.evaluated, option.neutral});
      }
      if (kind == "method" && !entry.facts.value("trains", true)) untrained_.insert(name);
    }
  }
}

void Sameness::add(json& out, const std::string& prefix, const std::string& plugin, const json& settings,
                   bool evaluated_only) const {
  if (!settings.is_object()) return;
  const auto rules = rules_.find(plugin);
  for (const auto& [name, value] : settings.items()) {
    const Rule* rule = nullptr;
    if (rules != rules_.end()) {
      const auto found = rules->second.find(name);
      if (found != rules->second.end()) rule = &found->second;
    }
    if (evaluated_only && (rule == nullptr || !rule->evaluated)) continue;
    if (rule != nullptr && (rule->circumstance || (!rule->neutral.is_null() && rule->neutral == value))) continue;
    out[prefix + "." + name] = value;
  }
}

json Sameness::pretraining(const json& run) const {
  const std::string method = text(part(run, "method")), backbone = text(part(run, "backbone"));
  const json& dataset = part(run, "dataset");
  const std::string set = text(part(dataset, "name"));
  json out = {{"method", method}, {"backbone", backbone}, {"dataset", set}};
  const json& files = part(run, "files");
  add(out, "method", "method " + method, with_digests(part(run, "method_settings"), files, ""));
  add(out, "backbone", "backbone " + backbone, with_digests(part(run, "backbone_settings"), files, kBackbonePrefix));
  add(out, "dataset", "dataset " + set, part(dataset, "settings"));
  const bool untrained = untrained_.contains(method);
  add(out, "pretrain", "stage pretrain", with_digests(part(run, "pretrain"), files, kPretrainPrefix), untrained);
  add(out, "views", "stage views", part(run, "views"), untrained);
  return out;
}

json Sameness::protocol(const json& entry) const {
  const std::string protocol = text(part(entry, "protocol"));
  const json& dataset = part(entry, "dataset");
  const std::string set = text(part(dataset, "name"));
  json out = {{"protocol", protocol}, {"protocol dataset", set}};
  add(out, "protocol", "protocol " + protocol, part(entry, "settings"));
  add(out, "protocol dataset", "dataset " + set, part(dataset, "settings"));
  return out;
}

json Sameness::counting(const json& run) const {
  json protocols = json::object();
  const json& entries = part(run, "protocols");
  if (entries.is_array()) {
    for (const json& entry : entries) protocols[text(part(entry, "row"))] = protocol(entry);
  }
  return {{"pretraining", pretraining(run)}, {"protocols", std::move(protocols)}};
}

std::string what_differs(const json& before, const json& now) {
  std::set<std::string> names;
  for (const json* side : {&before, &now}) {
    for (const auto& item : side->items()) names.insert(item.key());
  }
  std::string out;
  size_t count = 0;
  for (const std::string& name : names) {
    if (before.contains(name) && now.contains(name) && before.at(name) == now.at(name)) continue;
    if (++count > kMostNamed) continue;
    out += (out.empty() ? "" : ", ") + name + " " + shown(before, name) + " → " + shown(now, name);
  }
  return count > kMostNamed ? out + " and " + std::to_string(count - kMostNamed) + " more" : out;
}

}  // namespace sslbench
