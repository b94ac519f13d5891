// SPDX-License-Identifier: Apache-2.0
#include "reports/escape.h"

#include <cstdint>

namespace sslbench {
namespace {

// Length of the UTF-8 sequence at the front and its code point; length 0 when it is invalid.
struct Decoded {
  size_t length = 0;
  uint32_t point = 0;
};

Decoded decode(std::string_view text) {
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
  return valid ? Decoded{length, point} : Decoded{};
}

bool invisible(uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xFFFE || point == 0xFFFF ||
         (point >= 0xE0000 && point <= 0xE007F);
}

// Calls `emit` with each visible character; line ends and tabs arrive as a space.
template <class Emit>
void each_character(std::string_view text, Emit emit) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    const size_t length = next.length == 0 ? 1 : next.length;
    if (next.point == '\n' || next.point == '\r' || next.point == '\t') {
      emit(std::string_view(" "));
    } else if (next.length > 0 && !invisible(next.point)) {
      emit(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

std::string visible_text(std::string_view text) {
  std::string out;
  each_character(text, [&out](std::string_view c) { out += c; });
  return out;
}

std::string escape_markdown(std::string_view text) {
  const std::string visible = visible_text(text);
  const auto letter = [&](size_t i) { return i < visible.size() && plain(visible[i]); };
  std::string out;
  for (size_t i = 0; i < visible.size(); ++i) {
    const char c = visible[i];
    const bool inside_word = c == '_' && i > 0 && letter(i - 1) && letter(i + 1);
    // A CI log would obey "::error::", and "](" is the middle of a link.
    const bool pair = i > 0 && ((c == ':' && visible[i - 1] == ':') || (c == '(' && visible[i - 1] == ']'));
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    if (pair || (!inside_word && std::string_view("\\|`*_[]#~!$").find(c) != std::string_view::npos)) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_name(std::string_view text) {
  bool safe = !text.empty();
  for (const char c : text) safe = safe && plain(c);
  return safe ? "`" + std::string(text) + "`" : escape_markdown(text);
}

std::string escape_xml(std::string_view text) {
  std::string out;
  each_character(text, [&out](std::string_view c) {
    if (c == "<")
      out += "&lt;";
    else if (c == ">")
      out += "&gt;";
    else if (c == "&")
      out += "&amp;";
    else if (c == "\"")
      out += "&quot;";
    else if (c == "'")
      out += "&#39;";
    else
      out += c;
  });
  return out;
}

std::string escape_csv(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  const std::string safe = formula ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string file_name(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 64)) out += plain(c) ? c : '_';
  if (out.empty() || out[0] == '.') out.insert(0, "_");
  return out;
}

size_t character_count(std::string_view text) {
  size_t count = 0;
  each_character(text, [&count](std::string_view) { ++count; });
  return count;
}

}  // namespace sslbench
