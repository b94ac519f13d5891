// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sslbench {

// A JSON object as text, written member by member as nlohmann's dump(1) would: the whole as one value takes a hundred
// megabytes for a thousand runs.
class JsonObjectText {
 public:
  explicit JsonObjectText(size_t depth) : indent_("\n" + std::string(depth, ' ')) {}

  void add(const std::string& name, const nlohmann::json& value) { add_text(name, text_of(value)); }
  void add_text(const std::string& name, const std::string& value) {
    text_ += (text_.empty() ? "{" : ",") + indent_ + text_of(name) + ": ";
    text_ += value;
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
  std::string end() {
    text_ += text_.empty() ? "{}" : indent_.substr(0, indent_.size() - 1) + "}";
    return std::move(text_);
  }

 private:
  std::string indent_, text_;
};

}  // namespace sslbench
