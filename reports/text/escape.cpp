// SPDX-License-Identifier: Apache-2.0
#include "reports/text/escape.h"

#include "suites/ground/printable.h"

namespace sslbench {
namespace {

// Calls `emit` with each visible character; line ends and tabs arrive as a space.
template <class Emit>
void each_character(std::string_view text, Emit emit) {
  while (!text.empty()) {
    const Character next = first_character(text);
    const size_t length = next.length == 0 ? 1 : next.length;
    if (next.point == '\n' || next.point == '\r' || next.point == '\t') {
      emit(std::string_view(" "));
    } else if (next.length > 0 && !is_hidden(next.point)) {
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

std::string escape_csv(const std::string& foreign) {
  const std::string text = visible_text(foreign);
  const bool formula = !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos;
  const std::string safe = formula ? "'" + text : text;
  if (safe.find_first_of(",\"") == std::string::npos) return safe;
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
