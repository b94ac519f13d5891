// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <concepts>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

namespace sslbench {

// A text that is kept once a process, whoever says it: ten thousand records say a few hundred words millions of times.
// Never changed and never given back, so for names and units, not for what grows without end. Any thread may make one.
class SharedText {
 public:
  SharedText() : SharedText(std::string_view()) {}
  SharedText(std::string_view text) : text_(kept(text)) {}
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}
  SharedText(const char* text) : SharedText(std::string_view(text)) {}

  const std::string& text() const { return *text_; }
  operator const std::string&() const { return *text_; }
  bool empty() const { return text_->empty(); }
  bool starts_with(std::string_view beginning) const { return text_->starts_with(beginning); }
  size_t size() const { return text_->size(); }

  friend bool operator==(SharedText a, SharedText b) { return a.text_ == b.text_; }
  friend std::strong_ordering operator<=>(SharedText a, SharedText b) { return *a.text_ <=> *b.text_; }
  template <class T>
  requires(std::convertible_to<const T&, std::string_view> && !std::same_as<T, SharedText>) friend bool operator==(
      SharedText a, const T& b) {
    return *a.text_ == std::string_view(b);
  }
  template <class T>
  requires(std::convertible_to<const T&, std::string_view> && !std::same_as<T, SharedText>) friend std::string
  operator+(SharedText a, const T& b) {
    return std::string(*a.text_).append(std::string_view(b));
  }
  template <class T>
  requires(std::convertible_to<const T&, std::string_view> && !std::same_as<T, SharedText>) friend std::string
  operator+(const T& a, SharedText b) {
    return std::string(std::string_view(a)) + *b.text_;
  }
  friend std::ostream& operator<<(std::ostream& out, SharedText text) { return out << *text.text_; }
  friend void to_json(nlohmann::json& out, const SharedText& text) { out = *text.text_; }

 private:
  static const std::string* kept(std::string_view text);

  const std::string* text_;
};

}  // namespace sslbench
