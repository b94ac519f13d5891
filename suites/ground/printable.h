// SPDX-License-Identifier: Apache-2.0
// Text from files of others on a terminal or in a CI's log: nothing in it may steer either, nor hide.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace sslbench {

constexpr size_t kLongestQuote = 200;  // bytes

// The UTF-8 character at the front of a text that is not empty; length 0: what stands there is none.
struct Character {
  size_t length = 0;  // bytes
  uint32_t point = 0;
};
Character first_character(std::string_view text);

// Control characters, those that turn the direction of writing, that take no room, or that end a line.
bool is_hidden(uint32_t point);

// `text` with what is hidden, line ends too, as JSON would escape it (\u001b), and bytes that are no UTF-8 as \xNN.
std::string printable(std::string_view text);

struct LineRules {
  bool orders_allowed = false;  // the text is ours, and meant for the CI
  bool within_line = false;     // something stands before it
};
// As above, but lines stay lines and tabs stay tabs, and no line is an order to a CI: the sign that makes it one is
// escaped.
std::string printable_lines(std::string_view text, LineRules rules = {});

// Up to the first line end: what a library says before its stack.
std::string first_line(const std::string& text);

// Whether every byte of it belongs to a UTF-8 character.
bool is_utf8(std::string_view text);

// An error's text with quotations ('...') of at most kLongestQuote bytes, and no endless line; "…" stands for the rest.
// A line of ours after the first is indented: a line end before anything else is a stranger's, and is escaped.
std::string with_short_quotes(std::string_view text);

// A value as JSON has it, at most kLongestQuote bytes of it.
std::string short_value(const nlohmann::json& value);

}  // namespace sslbench
