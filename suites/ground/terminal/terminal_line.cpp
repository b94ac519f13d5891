// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/terminal/terminal_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <sstream>

namespace sslbench {
namespace {

constexpr size_t kLeastColumns = 40, kUsualColumns = 80, kHanging = 2;

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

}  // namespace

std::string TerminalForm::coloured(const std::string& text, LineColour which) const {
  constexpr const char* kStarts[] = {"", "\033[32m", "\033[33m", "\033[31m"};
  if (!colour || which == LineColour::none) return text;
  return kStarts[static_cast<int>(which)] + text + "\033[0m";
}

std::string TerminalForm::strong(const std::string& text) const { return colour ? "\033[1m" + text + "\033[0m" : text; }

bool colours_wanted() {
  const char* unwanted = std::getenv("NO_COLOR");
  return unwanted == nullptr || *unwanted == '\0';
}

std::optional<TerminalForm> terminal_at(int descriptor) {
  if (::isatty(descriptor) != 1) return std::nullopt;
  winsize size{};
  const size_t columns = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return TerminalForm{std::max(kLeastColumns, columns), !dumb && colours_wanted()};
}

size_t width_at(int descriptor) {
  const auto terminal = terminal_at(descriptor);
  return terminal ? terminal->width : std::numeric_limits<size_t>::max();
}

size_t columns_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

size_t bytes_of(std::string_view text, size_t columns) {
  size_t end = 0;
  for (size_t kept = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && kept++ == columns) break;
  }
  return end;
}

std::string padded(const std::string& text, size_t columns) {
  const size_t has = columns_of(text);
  if (has <= columns) return text + std::string(columns - has, ' ');
  return columns == 0 ? "" : text.substr(0, bytes_of(text, columns - 1)) + "…";
}

std::string folded(const std::string& text, size_t width, size_t indent) {
  const std::string margin(indent, ' ');
  std::string out, line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && indent + columns_of(line) + 1 + columns_of(word) > width) {
      out += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + margin + line + "\n";
}

std::string fitted(const std::string& text, size_t width) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t indent = line.find_first_not_of(' ');
    if (columns_of(line) <= width || indent == std::string::npos || indent + kHanging >= width) {
      out += line + "\n";
      continue;
    }
    std::istringstream parts(folded(line.substr(indent), width - kHanging, indent));
    bool first = true;
    for (std::string part; std::getline(parts, part); first = false) {
      out += (first ? "" : std::string(kHanging, ' ')) + part + "\n";
    }
  }
  return out;
}

}  // namespace sslbench
