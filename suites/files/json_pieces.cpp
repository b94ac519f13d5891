// SPDX-License-Identifier: Apache-2.0
#include "suites/files/json_pieces.h"

#include <array>
#include <nlohmann/json.hpp>

#include "suites/ground/foreign_json.h"

namespace sslbench {
namespace {

constexpr std::string_view kSpace = " \t\n\r";

std::string_view without_space(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// A parser takes a byte-order mark at the start of a text and NUL for its end: in a piece both would hide a mistake.
bool may_be_piece(std::string_view piece) {
  return !piece.empty() && piece.front() != '\xEF' && piece.find('\0') == std::string_view::npos;
}

// The place after the quoted text that starts at `at`, or the end.
size_t after_quoted(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

constexpr std::array<bool, 256> kMarks = [] {
  std::array<bool, 256> marks{};
  for (const unsigned char c : {'"', '[', '{', ']', '}', ','}) marks[c] = true;
  return marks;
}();

// What stands between `open`, the commas at its own level, and `close`.
std::optional<std::vector<std::string_view>> split(std::string_view text, char open, char close, int outside) {
  text = without_space(text);
  if (text.size() < 2 || text.front() != open || text.back() != close) return {};
  const std::string_view inner = text.substr(1, text.size() - 2);
  std::vector<std::string_view> pieces;
  if (without_space(inner).empty()) return pieces;
  int depth = 0;
  size_t start = 0, at = 0;
  while (at < inner.size()) {
    const char c = inner[at];
    if (!kMarks[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '"') {
      at = after_quoted(inner, at);
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth < 0 || depth + outside + 1 > kDeepestNesting) return {};
    if (c == ',' && depth == 0) {
      pieces.push_back(without_space(inner.substr(start, at - start)));
      start = at + 1;
    }
    ++at;
  }
  pieces.push_back(without_space(inner.substr(start)));
  for (const std::string_view piece : pieces) {
    if (!may_be_piece(piece)) return {};
  }
  return pieces;
}

}  // namespace

std::optional<std::vector<std::string_view>> list_pieces(std::string_view text, int outside) {
  return split(text, '[', ']', outside);
}

std::optional<std::vector<JsonMember>> object_pieces(std::string_view text) {
  const auto pieces = split(text, '{', '}', 0);
  if (!pieces) return {};
  std::vector<JsonMember> members;
  for (const std::string_view piece : *pieces) {
    if (piece.front() != '"') return {};
    const size_t end = after_quoted(piece, 0);
    const std::string_view rest = without_space(piece.substr(end));
    const auto key = nlohmann::json::parse(piece.substr(0, end), nullptr, /*allow_exceptions=*/false);
    if (!key.is_string() || rest.empty() || rest.front() != ':') return {};
    const std::string_view value = without_space(rest.substr(1));
    if (!may_be_piece(value)) return {};
    members.emplace_back(key.get<std::string>(), value);
  }
  return members;
}

}  // namespace sslbench
