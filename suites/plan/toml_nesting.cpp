// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/toml_nesting.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sslbench {
namespace {

class NestingScan {
 public:
  NestingScan(std::string_view text, int most) : text_(text), most_(most) {}

  std::optional<size_t> find() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_text(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      count(c);
      if (depth_ + dots_ > most_) return at_;
      ++at_;
    }
    return std::nullopt;
  }

 private:
  // Dots of the key or number that is being read; those of a key stay counted for its value.
  void count(char c) {
    switch (c) {
      case '.': ++dots_; break;
      case '[':
      case '{':
        outer_.push_back(depth_);
        depth_ += dots_ + 1;
        dots_ = 0;
        break;
      case ']':
      case '}':
        if (!outer_.empty()) {
          depth_ = outer_.back();
          outer_.pop_back();
        }
        dots_ = 0;
        break;
      case ',':
      case '\n': dots_ = 0; break;
      default: break;
    }
  }

  // Of one line, or of several where three quotes open it; a backslash hides a quote in "..." alone.
  void skip_text(char quote) {
    const std::string_view rest = text_.substr(at_);
    const bool long_text = rest.size() >= 3 && rest[1] == quote && rest[2] == quote;
    at_ += long_text ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\' && quote == '"') {
        ++at_;
      } else if (!long_text && (text_[at_] == quote || text_[at_] == '\n')) {
        ++at_;
        return;
      } else if (long_text && text_.substr(at_, 3) == std::string(3, quote)) {
        at_ += 3;
        for (int more = 0; more < 2 && at_ < text_.size() && text_[at_] == quote; ++more) ++at_;
        return;
      }
    }
    at_ = text_.size();
  }

  std::string_view text_;
  int most_;
  size_t at_ = 0;
  int depth_ = 0, dots_ = 0;
  std::vector<int> outer_;  // depths outside of the open brackets
};

}  // namespace

std::optional<size_t> find_deep_toml(std::string_view text, int most) { return NestingScan(text, most).find(); }

}  // namespace sslbench
