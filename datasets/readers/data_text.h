// SPDX-License-Identifier: Apache-2.0
// Text of data sets comes from many programs: byte order marks, encodings and blanks are no part of what it says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

// Where the first byte lies that no UTF-8 text holds there; npos: it is UTF-8.
size_t first_not_utf8(std::string_view text);

// `bytes` of an encoding that iconv knows, as UTF-8; none when it does not know it, or they are not in it.
std::optional<std::string> utf8_from(std::string_view bytes, const std::string& encoding);

// Without what surrounds it: blanks, line ends, byte order marks, no-break, ideographic and zero width spaces.
std::string trimmed(std::string_view text);

// A name as it is meant: trimmed, without characters that draw nothing, and line ends and tabs within it are blanks.
std::string tidy_name(std::string_view text);

// A text file of at most `max_bytes` as UTF-8 without its mark; UTF-16 with a mark is converted. RunFailure(data)
// naming the line that is in another encoding.
std::string read_data_text(const std::filesystem::path& file, int64_t max_bytes);

// Its non-empty lines, trimmed; at most 64 MiB.
std::vector<std::string> read_data_lines(const std::filesystem::path& file);

}  // namespace sslbench
