// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/printable.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace sslbench {
namespace {

constexpr size_t kLongestLine = 1000, kLineHead = 600, kLineTail = 300;  // bytes, about
constexpr const char* kLeftOut = "…";

std::string escaped_unit(const char* format, uint32_t value) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), format, value);
  return out.data();
}

// As JSON: two units beyond U+FFFF, so that what was JSON stays JSON.
std::string escaped(uint32_t point) {
  if (point < 0x10000) return escaped_unit("\\u%04x", point);
  const uint32_t rest = point - 0x10000;
  return escaped_unit("\\u%04x", 0xD800 + (rest >> 10)) + escaped_unit("\\u%04x", 0xDC00 + (rest & 0x3FF));
}

// Appends the character at the front of `text` and says how many bytes it had.
size_t append_visible(std::string& out, std::string_view text, std::string_view kept) {
  const Character next = first_character(text);
  if (next.length == 0) {
    out += escaped_unit("\\x%02X", static_cast<uint8_t>(text[0]));
    return 1;
  }
  if (is_hidden(next.point) && kept.find(text[0]) == std::string_view::npos) {
    out += escaped(next.point);
  } else {
    out += text.substr(0, next.length);
  }
  return next.length;
}

// How many bytes from the start are letters, digits and signs that need no look: no order begins with one of them
// within a line.
size_t plain_run(std::string_view text) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '#'; };
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), plain) - text.begin());
}

// The first `most` bytes or a few less, never half a character.
std::string_view whole_characters(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<uint8_t>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

std::string_view last_characters(std::string_view text, size_t most) {
  size_t from = text.size() - most;
  while (from < text.size() && (static_cast<uint8_t>(text[from]) & 0xC0) == 0x80) ++from;
  return text.substr(from);
}

bool is_blank(uint32_t point) {
  return (point >= 0x09 && point <= 0x0D && point != 0x0A) || point == 0x20 || point == 0x85 || point == 0xA0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

// Whether a CI takes what begins here for an order: GitHub "::error::" at the start of a line, after blanks of any kind
// (but not MLPerf's ":::MLLOG"); "##[group]" anywhere.
bool is_order(std::string_view text, bool line_begins) {
  if (text.starts_with("##[") || text.starts_with("##vso[")) return true;
  if (!line_begins) return false;
  while (!text.empty()) {
    const Character next = first_character(text);
    if (next.length == 0 || !is_blank(next.point)) break;
    text.remove_prefix(next.length);
  }
  return text.starts_with("::") && !text.starts_with(":::");
}

bool part_of_a_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Where the quotation that opens at `from` ends: its last quotation mark, or npos.
size_t end_of_quote(std::string_view line, size_t from) {
  for (size_t at = line.find('\'', from + 1); at != std::string_view::npos; at = line.find('\'', at + 1)) {
    if (at + 1 == line.size() || !part_of_a_word(line[at + 1])) return at;
  }
  return std::string_view::npos;
}

std::string short_line(std::string_view line) {
  std::string out;
  bool closed = true;  // a quotation that is never closed leaves none that could be
  for (size_t at = 0; at < line.size(); ++at) {
    const bool opens = closed && line[at] == '\'' && (at == 0 || !part_of_a_word(line[at - 1]));
    const size_t end = opens ? end_of_quote(line, at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      closed = closed && !opens;
      out += line[at];
      continue;
    }
    const std::string_view quoted = line.substr(at + 1, end - at - 1);
    const std::string_view shown = whole_characters(quoted, kLongestQuote);
    out += "'" + std::string(shown) + (shown.size() < quoted.size() ? kLeftOut : "") + "'";
    at = end;
  }
  if (out.size() <= kLongestLine) return out;
  return std::string(whole_characters(out, kLineHead)) + " " + kLeftOut + " " +
         std::string(last_characters(out, kLineTail));
}

// The line end before the next line of ours, which begins with two blanks; npos when there is none.
size_t end_of_own_line(std::string_view text) {
  size_t end = text.find('\n');
  while (end != std::string_view::npos && !text.substr(end + 1).starts_with("  ")) end = text.find('\n', end + 1);
  return end;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  uint32_t point = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3F);
  }
  const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool valid = point >= least[length] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  return valid ? Character{length, point} : Character{};
}

bool is_hidden(uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xFFFE || point == 0xFFFF ||
         (point >= 0xE0000 && point <= 0xE007F);
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) text.remove_prefix(append_visible(out, text, ""));
  return out;
}

std::string printable_lines(std::string_view text, LineRules rules) {
  std::string out;
  out.reserve(text.size());
  bool line_begins = !rules.within_line;
  while (!text.empty()) {
    if (const size_t run = line_begins ? 0 : plain_run(text)) {
      out += text.substr(0, run);
      text.remove_prefix(run);
      continue;
    }
    if (!rules.orders_allowed && is_order(text, line_begins)) {
      const size_t sign = text.find_first_of(":[");
      out += printable(text.substr(0, sign)) + escaped(static_cast<uint8_t>(text[sign]));
      text.remove_prefix(sign + 1);
      line_begins = false;
      continue;
    }
    line_begins = text[0] == '\n';
    text.remove_prefix(append_visible(out, text, text.starts_with("\r\n") ? "\r" : "\n\t"));
  }
  return out;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = first_character(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string with_short_quotes(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  while (true) {
    const size_t end = end_of_own_line(text);
    out += printable(short_line(text.substr(0, end)));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string short_value(const nlohmann::json& value) {
  const std::string whole = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::string_view shown = whole_characters(whole, kLongestQuote);
  return std::string(shown) + (shown.size() < whole.size() ? kLeftOut : "");
}

}  // namespace sslbench
