// SPDX-License-Identifier: Apache-2.0
// JSON that copies share: the runs of a plan differ in little, and there may be ten thousand of them.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace sslbench {

// A value that its copies share until one of them is changed. Reads as the JSON that it is; an empty object at first.
class SharedJson {
 public:
  SharedJson() : value_(nothing()) {}
  SharedJson(nlohmann::json value) : value_(std::make_shared<nlohmann::json>(std::move(value))) {}
  SharedJson(nlohmann::json::initializer_list_t value) : SharedJson(nlohmann::json(value)) {}

  operator const nlohmann::json&() const { return *value_; }
  const nlohmann::json& at(const std::string& key) const { return value_->at(key); }
  template <class Fallback>
  auto value(const char* key, Fallback&& fallback) const {
    return value_->value(key, std::forward<Fallback>(fallback));
  }
  auto find(const std::string& key) const { return std::as_const(*value_).find(key); }
  auto end() const { return std::as_const(*value_).end(); }
  bool contains(const std::string& key) const { return value_->contains(key); }
  std::string dump() const { return value_->dump(); }

  // For changes: no copy sees them.
  nlohmann::json& own() {
    if (value_.use_count() > 1) value_ = std::make_shared<nlohmann::json>(*value_);
    return *value_;
  }
  nlohmann::json& operator[](const std::string& key) { return own()[key]; }

  bool shares_with(const SharedJson& other) const { return value_ == other.value_; }
  friend bool operator==(const SharedJson& a, const SharedJson& b) {
    return a.shares_with(b) || *a.value_ == *b.value_;
  }

 private:
  static const std::shared_ptr<nlohmann::json>& nothing() {
    static const auto empty = std::make_shared<nlohmann::json>(nlohmann::json::object());
    return empty;
  }

  std::shared_ptr<nlohmann::json> value_;
};

// JSON that is kept as text, a tenth of the memory, and only asked for when it is written down.
class JsonText {
 public:
  JsonText() : JsonText(nlohmann::json::object()) {}
  JsonText(const nlohmann::json& value) : text_(std::make_shared<const std::string>(value.dump())) {}

  nlohmann::json value() const { return nlohmann::json::parse(*text_); }
  friend bool operator==(const JsonText& a, const JsonText& b) { return a.text_ == b.text_ || *a.text_ == *b.text_; }

 private:
  std::shared_ptr<const std::string> text_;
};

}  // namespace sslbench
