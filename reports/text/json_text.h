// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace sslbench {

// JSON has no number that is not finite: null stands for it.
inline nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

// A JSON object as text, written member by member as nlohmann's dump(1) would: the whole as one value takes a hundred
// megabytes for a thousand runs, and so does the whole as one text.
class JsonObjectText {
 public:
  using Sink = std::function<void(std::string_view)>;

  // With a sink, text goes there piece by piece.
  explicit JsonObjectText(size_t depth, Sink sink = nullptr)
      : indent_("\n" + std::string(depth, ' ')), sink_(std::move(sink)) {}

  void add(const std::string& name, const nlohmann::json& value) { add_text(name, text_of(value)); }
  void add_text(const std::string& name, std::string_view value) {
    begin(name);
    put(value);
  }
  void add_name(const std::string& name, const std::string& text) { add_text(name, quoted(text)); }
  // A member whose value is put() next.
  void begin(const std::string& name) {
    put(empty_ ? "{" : ",");
    put(indent_);
    put(quoted(name));
    put(": ");
    empty_ = false;
  }
  void put(std::string_view text) {
    if (sink_) {
      sink_(text);
    } else {
      text_ += text;
    }
  }
  // `value` lies as deep as the members.
  std::string text_of(const nlohmann::json& value) const {
    const std::string flat = value.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string out;
    size_t from = 0;
    for (size_t at = flat.find('\n'); at != std::string::npos; at = flat.find('\n', from)) {
      out.append(flat, from, at - from);
      out += indent_;
      from = at + 1;
    }
    return out.append(flat, from);
  }
  // The whole text, where there is no sink.
  std::string end() {
    put(empty_ ? "{}" : indent_.substr(0, indent_.size() - 1) + "}");
    return std::move(text_);
  }

 private:
  // Most texts have nothing to escape.
  std::string quoted(const std::string& text) const {
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    return plain ? '"' + text + '"' : text_of(text);
  }

  std::string indent_, text_;
  Sink sink_;
  bool empty_ = true;
};

}  // namespace sslbench
