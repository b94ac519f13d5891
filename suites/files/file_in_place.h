// SPDX-License-Identifier: Apache-2.0
// Files that are written where they lie, since they are locks or logs. A results folder may come from elsewhere, and
// what lies under such a name may be a link to a file that is nobody's log.
#pragma once

#include <filesystem>
#include <string_view>

namespace sslbench {

// Opens `file`, making it when it is not there (`flags`: O_RDWR or O_WRONLY, perhaps O_APPEND). Returns its descriptor.
// RunFailure(storage) when it cannot be opened, or is a symbolic link, of several names (hard links), or no regular
// file: none of these is written to.
int open_in_place(const std::filesystem::path& file, int flags);

// Writes all of `bytes`, at the next try what an interrupted call left. RunFailure(storage) naming `file`.
void write_all(int fd, std::string_view bytes, const std::filesystem::path& file);

// Adds whole lines to the end of a file opened as above; a line that was cut short there is ended first.
// RunFailure(storage).
void append_in_place(const std::filesystem::path& file, std::string_view lines);

// UserError when `folder` is a symbolic link: below it, writing would be writing elsewhere. A missing one is fine.
void expect_no_link(const std::filesystem::path& folder);
// The same of every folder between `root`, which may be one, and `file` below it (a relative path).
void expect_no_link_below(const std::filesystem::path& root, const std::filesystem::path& file);

}  // namespace sslbench
