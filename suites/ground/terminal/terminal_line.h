// SPDX-License-Identifier: Apache-2.0
// Lines for a terminal. Widths are in columns; every character counts as one. Text of others is made printable
// (suites/ground/printable.h) before it comes here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sslbench {

enum class LineColour { none, green, yellow, red };

struct TerminalForm {
  size_t width = 80;
  bool colour = false;

  std::string coloured(const std::string& text, LineColour which) const;
  std::string strong(const std::string& text) const;
};

// Whether people want colours: NO_COLOR is not set (no-color.org).
bool colours_wanted();

// How to write for a descriptor that is a terminal: its width (at least 40 columns), colours where it shows them and
// they are wanted; nothing where it is a file or a pipe.
std::optional<TerminalForm> terminal_at(int descriptor);

// The width of that terminal; no limit for a file or a pipe.
size_t width_at(int descriptor);

size_t columns_of(std::string_view text);

// Bytes of the first `columns` columns.
size_t bytes_of(std::string_view text, size_t columns);

// Filled up with spaces, or cut and ended by "…", to exactly that many columns.
std::string padded(const std::string& text, size_t columns);

// Broken at spaces into lines of at most `width` columns (a longer word is a line of its own), each indented and ended.
std::string folded(const std::string& text, size_t width, size_t indent);

// Lines that are longer than `width` broken at spaces, what follows indented two columns more; others as they are.
std::string fitted(const std::string& text, size_t width);

}  // namespace sslbench
