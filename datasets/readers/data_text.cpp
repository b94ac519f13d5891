// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/data_text.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <sstream>

#include "datasets/readers/data_file.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

constexpr std::string_view kNonJoiner = "\xE2\x80\x8C", kJoiner = "\xE2\x80\x8D";

// Blanks of UTF-8 text: ASCII's, U+FEFF, U+00A0, U+200B, U+3000.
constexpr std::array<std::string_view, 9> kBlanks{" ",   "\t",       "\r",           "\n",          "\v",
                                                  kMark, "\xC2\xA0", "\xE2\x80\x8B", "\xE3\x80\x80"};

// Length of the sequence that a lead byte begins (RFC 3629); 0: none does.
size_t sequence_length(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

// Second bytes that would make a longer form than needed, a surrogate, or more than U+10FFFF.
bool second_byte_fits(uint8_t lead, uint8_t second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  return lead != 0xF4 || second <= 0x8F;
}

}  // namespace

size_t first_not_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto byte = [&](size_t k) { return static_cast<uint8_t>(text[at + k]); };
    const size_t length = sequence_length(byte(0));
    if (length == 0 || length > text.size() - at) return at;
    for (size_t k = 1; k < length; ++k) {
      if ((byte(k) & 0xC0) != 0x80) return at;
    }
    if (length > 1 && !second_byte_fits(byte(0), byte(1))) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::optional<std::string> utf8_from(std::string_view bytes, const std::string& encoding) {
  const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return {};
  std::string from(bytes), out;
  std::array<char, 4096> piece;
  char* in = from.data();
  size_t left = from.size();
  bool fine = true;
  while (fine && left > 0) {
    char* to = piece.data();
    size_t room = piece.size();
    fine = iconv(converter, &in, &left, &to, &room) != static_cast<size_t>(-1) || errno == E2BIG;
    out.append(piece.data(), piece.size() - room);
  }
  iconv_close(converter);
  if (!fine) return {};
  return out;
}

std::string trimmed(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
    }
  }
  return std::string(text);
}

namespace {

// Characters that draw nothing: soft hyphen, zero width space and joiners, directions, word joiner and the like, marks.
// Joiners (U+200C, U+200D) within a name are of its script.
std::string without_invisible(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t length = std::max<size_t>(1, sequence_length(static_cast<uint8_t>(text[at])));
    const std::string_view one = text.substr(at, length);
    const bool range = one >= "\xE2\x80\x8B" && one <= "\xE2\x80\x8F";      // U+200B to U+200F
    const bool direction = one >= "\xE2\x80\xAA" && one <= "\xE2\x80\xAE";  // U+202A to U+202E
    const bool operators = one >= "\xE2\x81\xA0" && one <= "\xE2\x81\xAF";  // U+2060 to U+206F
    const bool mark = one == kMark || one == "\xC2\xAD" || one == "\x7F";
    const bool joiner = one == kJoiner || one == kNonJoiner;
    const bool within = !out.empty() && at + length < text.size();
    if ((joiner && within) || !(range || direction || operators || mark)) out += one;
    at += length;
  }
  return out;
}

}  // namespace

std::string tidy_name(std::string_view text) {
  std::istringstream lines(trimmed(without_invisible(trimmed(text))));
  std::string out;
  for (std::string line; std::getline(lines, line);) out += (out.empty() ? "" : " ") + trimmed(line);
  for (char& c : out) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return out;
}

std::string read_data_text(const std::filesystem::path& file, int64_t max_bytes) {
  std::string text = read_data_file(file, max_bytes);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    auto converted = utf8_from(text, "UTF-16");
    if (!converted) throw_bad_data(file, "is damaged UTF-16; save it as UTF-8");
    text = std::move(*converted);
  }
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  const size_t bad = first_not_utf8(text);
  if (bad == std::string::npos) return text;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
  constexpr size_t kBefore = 30, kShown = 60;
  const size_t line_begin = bad == 0 ? 0 : text.rfind('\n', bad - 1) + 1;
  const size_t begin = std::max(line_begin, bad - std::min(bad, kBefore));
  const std::string shown = text.substr(begin, std::min(text.find_first_of("\r\n", begin) - begin, kShown));
  throw_bad_data(file,
                 "line " + std::to_string(line) + ": is not UTF-8 ('" + printable(shown) + "'); save it as UTF-8");
}

std::vector<std::string> read_data_lines(const std::filesystem::path& file) {
  std::istringstream text(read_data_text(file, int64_t{64} << 20));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (std::string content = trimmed(line); !content.empty()) lines.push_back(std::move(content));
  }
  return lines;
}

}  // namespace sslbench
