// SPDX-License-Identifier: Apache-2.0
// A data set that is not installed.
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// "dataset 'pets' is not installed in '/data'"; `root` "": where it was looked for goes without saying.
std::string missing_set_text(const std::string& name, const std::filesystem::path& root = "");

// UserError with the command that adds it; `source`: where to get it, "" when not known.
[[noreturn]] void refuse_missing_set(const std::string& name, const std::string& source,
                                     const std::filesystem::path& root = "");

}  // namespace sslbench
