// SPDX-License-Identifier: Apache-2.0
// Names come from suite files, data sets and other people's records: each is escaped for the place where it is printed.
// All drop invalid UTF-8, control and bidirectional characters and zero-width ones; line ends become spaces.
#pragma once

#include <string>
#include <string_view>

namespace sslbench {

// The text without what is dropped; nothing is escaped. For code blocks.
std::string visible_text(std::string_view text);

// For Markdown text and table cells: what could start markup is escaped.
std::string escape_markdown(std::string_view text);

// `text` in code quotes when it is made of [A-Za-z0-9._-] only, else escaped text.
std::string markdown_name(std::string_view text);

// For XML text and attributes.
std::string escape_xml(std::string_view text);

// A field of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front.
std::string escape_csv(const std::string& text);

// For a path component: every other character than [A-Za-z0-9._-] becomes '_'; at most 64 bytes, never starts with '.'.
std::string file_name(std::string_view text);

// Characters of UTF-8 text (for widths).
size_t character_count(std::string_view text);

}  // namespace sslbench
