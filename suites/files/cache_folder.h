// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace sslbench {

// Where this program keeps what it can find out again: $XDG_CACHE_HOME/sslbench, else ~/.cache/sslbench; nothing where
// there is no home. It need not exist, and may be removed at any time.
std::optional<std::filesystem::path> cache_folder();

}  // namespace sslbench
