// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/table_reader.h"

#include <algorithm>

#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"

namespace sslbench {

void require_table(const TomlNode& node, const std::string& label, const std::string& advice) {
  if (!node.is_table) fail_at(node.place, label + ": expected a table, got " + short_value(node.value), "", advice);
}

TableReader::TableReader(const TomlNode& node, std::string label, std::string advice)
    : node_(node), label_(std::move(label)), advice_(std::move(advice)) {
  require_table(node, label_, advice_);
}

const TomlNode* TableReader::take(const std::string& key) {
  known_.push_back(key);
  const auto found = node_.table.find(key);
  return found == node_.table.end() ? nullptr : &found->second;
}

std::string TableReader::take_text(const std::string& key, const std::string& fallback) {
  const TomlNode* node = take(key);
  if (node == nullptr) return fallback;
  if (node->is_table || !node->value.is_string()) {
    const std::string got = node->is_table ? "a table" : short_value(node->value);
    fail_at(node->place, "'" + key + "' in " + label_ + ": expected a string, got " + got, "", advice_);
  }
  return node->value.get<std::string>();
}

nlohmann::json TableReader::take_options(const std::vector<Option>& options) {
  nlohmann::json out = nlohmann::json::object();
  for (const Option& option : options) {
    const TomlNode* node = take(option.name);
    if (node == nullptr) continue;
    const std::string reason = why_not(option, node->is_table ? nlohmann::json::object() : node->value);
    if (reason.empty()) {
      out[option.name] = node->value;
    } else {
      mistakes_.keep([&] { fail_at(node->place, "'" + option.name + "' in " + label_ + ": " + reason, "", advice_); });
    }
  }
  return out;
}

void TableReader::finish() {
  for (const std::string& key : node_.keys()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string near = nearest(key, known_);
    mistakes_.keep([&] {
      fail_at(node_.table.at(key).place, "unknown key '" + key + "' in " + label_,
              near.empty() ? "" : "did you mean '" + near + "'?", advice_);
    });
  }
  mistakes_.throw_any();
}

}  // namespace sslbench
