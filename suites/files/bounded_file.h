// SPDX-License-Identifier: Apache-2.0
// Reading files of a folder that may come from elsewhere: a pipe would be waited for, a device would never end, and a
// file with a hole costs its size in memory though not on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sslbench {

// The content of plan.json is at most this long.
inline constexpr uintmax_t kMostPlanBytes = uintmax_t{256} << 20;
// Small files that one run keeps in its work folder: runspec.json, progress.json, failure.json.
inline constexpr uintmax_t kMostWorkFileBytes = uintmax_t{16} << 20;
// Weights of a backbone, four bytes each.
inline constexpr uintmax_t kMostWeightBytes = uintmax_t{4} << 30;
// Checkpoints hold all networks of a method, and the moments of its optimiser.
inline constexpr uintmax_t kMostTensorBytes = uintmax_t{64} << 30;

// Reads a whole file, which must be a regular one (or a link to one) of at most `most_bytes`. Throws std::system_error
// naming it; nothing is read of what is refused.
std::string read_regular_file(const std::filesystem::path& file, uintmax_t most_bytes);

}  // namespace sslbench
