// SPDX-License-Identifier: Apache-2.0
// Settings of a golden case, which note what was read: a case whose settings nobody reads is no proof. Needs no
// LibTorch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "suites/ground/exact_json.h"

namespace sslbench {

class GoldenSettings {
 public:
  using json = nlohmann::json;

  explicit GoldenSettings(json values = json::object())
      : values_(std::make_shared<const json>(std::move(values))), read_(std::make_shared<std::set<std::string>>()) {}

  // Asking reads nothing: what is there must be read as well.
  bool contains(const std::string& key) const { return values_->contains(key); }
  // Reads a value; what objects inside it hold is read by section() and sections() only.
  const json& at(const std::string& key) const {
    read_->insert(prefix_ + key);
    return values_->at(key);
  }
  double real(const std::string& key) const {
    at(key);
    return exact_number_at(*values_, key.c_str());
  }
  int64_t integer(const std::string& key) const { return exact_integer(at(key), "'" + prefix_ + key + "'"); }
  bool flag(const std::string& key) const { return at(key).get<bool>(); }
  std::string text(const std::string& key) const { return at(key).get<std::string>(); }
  double real(const std::string& key, double fallback) const { return contains(key) ? real(key) : fallback; }
  int64_t integer(const std::string& key, int64_t fallback) const { return contains(key) ? integer(key) : fallback; }
  bool flag(const std::string& key, bool fallback) const { return contains(key) ? flag(key) : fallback; }

  // Reads a setting of which our code knows these values only.
  void expect(const std::string& key, const std::vector<json>& known) const {
    if (std::find(known.begin(), known.end(), at(key)) == known.end()) throw unsupported(key, known);
  }
  void expect_if_given(const std::string& key, const std::vector<json>& known) const {
    if (contains(key)) expect(key, known);
  }
  std::string choice(const std::string& key, const std::vector<json>& known) const {
    expect(key, known);
    return text(key);
  }

  // An object, or a list of objects, in the place of a value.
  GoldenSettings section(const std::string& key) const { return {*this, &values_->at(key), key + "."}; }
  std::vector<GoldenSettings> sections(const std::string& key) const {
    std::vector<GoldenSettings> out;
    for (const json& each : values_->at(key)) {
      out.push_back({*this, &each, key + "[" + std::to_string(out.size()) + "]."});
    }
    return out;
  }
  // Everything, for a function that refuses by itself what it does not know.
  const json& whole() const {
    for (const auto& [path, value] : leaves()) read_->insert(path);
    return *values_;
  }

  std::runtime_error unsupported(const std::string& key, const std::vector<json>& known = {}) const {
    std::string list;
    for (const json& each : known) list += (list.empty() ? "; known: " : ", ") + each.dump();
    return std::runtime_error("setting " + shown(prefix_ + key, values_->at(key)) + " is not supported" + list);
  }
  // Throws with the name of every setting that nobody read.
  void require_all_read() const {
    std::string list;
    for (const auto& [path, value] : leaves()) {
      if (!read_->contains(path)) list += (list.empty() ? "" : ", ") + shown(path, *value);
    }
    if (!list.empty()) throw std::runtime_error("settings that the adapter does not read: " + list);
  }

 private:
  using Leaves = std::vector<std::pair<std::string, const json*>>;

  GoldenSettings(const GoldenSettings& parent, const json* values, const std::string& name)
      : values_(parent.values_, values), read_(parent.read_), prefix_(parent.prefix_ + name) {}

  static std::string shown(const std::string& path, const json& value) {
    return path + " = " + value.dump().substr(0, 80);
  }
  static bool holds_objects(const json& value) {
    if (value.is_object()) return !value.empty();
    return value.is_array() && std::any_of(value.begin(), value.end(), holds_objects);
  }
  static void collect(const json& value, const std::string& path, Leaves& out) {
    if (!holds_objects(value)) {
      out.emplace_back(path, &value);
    } else if (value.is_object()) {
      for (const auto& [key, inner] : value.items()) collect(inner, path.empty() ? key : path + "." + key, out);
    } else {
      for (size_t i = 0; i < value.size(); ++i) collect(value[i], path + "[" + std::to_string(i) + "]", out);
    }
  }
  Leaves leaves() const {
    Leaves out;
    if (!values_->empty()) collect(*values_, prefix_.empty() ? "" : prefix_.substr(0, prefix_.size() - 1), out);
    return out;
  }

  std::shared_ptr<const json> values_;
  std::shared_ptr<std::set<std::string>> read_;  // paths, of all sections
  std::string prefix_;                           // of a section: "steps[1]."
};

}  // namespace sslbench
