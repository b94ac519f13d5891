// SPDX-License-Identifier: Apache-2.0
// Files of a dataset come from elsewhere: sizes are capped before memory is taken, and paths stay under their folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "suites/spec/error.h"

namespace sslbench {

// "FILE: WHAT" as RunFailure(data).
[[noreturn]] void throw_bad_data(const std::filesystem::path& file, const std::string& what);

// Reads a whole file of at most `max_bytes`; RunFailure(data) when it is missing, unreadable or larger.
std::string read_data_file(const std::filesystem::path& file, int64_t max_bytes);

// Whether a regular file of this name is there. Names come from elsewhere: one that the file system refuses (too long,
// say) is of no file, where std::filesystem throws.
bool has_file(const std::filesystem::path& file);

// Non-empty lines without line ends or surrounding blanks; at most 64 MiB.
std::vector<std::string> read_data_lines(const std::filesystem::path& file);

// folder / relative; RunFailure(data) naming `listed_in` when `relative` is absolute or contains "..".
std::filesystem::path path_under(const std::filesystem::path& folder, const std::string& relative,
                                 const std::filesystem::path& listed_in);

}  // namespace sslbench
