// SPDX-License-Identifier: Apache-2.0
// Where a command may write.
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// "", or why nothing may be written to `place`, which need not exist: it lies in an installed dataset, whose every file
// is data. Every option that names a file or folder to write is checked with it, before anything happens.
std::string why_not_written(const std::string& place);

// The same as a UserError, for places that no option named.
void expect_writable_place(const std::filesystem::path& place);

// UserError when a path, which goes into JSON files, is not UTF-8.
void expect_utf8(const std::filesystem::path& path);

}  // namespace sslbench
