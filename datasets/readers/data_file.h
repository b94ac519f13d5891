// SPDX-License-Identifier: Apache-2.0
// Files of a dataset come from elsewhere: sizes are capped before memory is taken, and paths stay under their folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "suites/ground/error.h"

namespace sslbench {

// "FILE: WHAT" as RunFailure(data).
[[noreturn]] void throw_bad_data(const std::filesystem::path& file, const std::string& what);

// Reads a whole file of at most `max_bytes`; RunFailure(data) when it is missing, unreadable or larger, or only Git
// LFS's pointer to it.
std::string read_data_file(const std::filesystem::path& file, int64_t max_bytes);

// Whether a name is of what systems leave in folders and archives and nobody means: .DS_Store, ._*, Thumbs.db,
// desktop.ini, __MACOSX.
bool is_litter(const std::filesystem::path& name);

// Whether a file is what Git leaves of one that Git LFS keeps.
bool is_lfs_pointer(const std::filesystem::path& file);

// Whether a regular file of this name is there. Names come from elsewhere: one that the file system refuses (too long,
// say) is of no file, where std::filesystem throws.
bool has_file(const std::filesystem::path& file);

// What a list means by `written`: where that is no file below `folder`, but it is with `/` for `\`, as Windows writes
// paths, it is that.
std::string listed_path(const std::filesystem::path& folder, const std::string& written);

// folder / relative; RunFailure(data) naming `listed_in` when `relative` is absolute or contains "..".
std::filesystem::path path_under(const std::filesystem::path& folder, const std::string& relative,
                                 const std::filesystem::path& listed_in);

}  // namespace sslbench
