// SPDX-License-Identifier: Apache-2.0
// A .npy file of its own, as array sets are published: its head, and where the elements lie.
#pragma once

#include <filesystem>

#include "datasets/readers/arrays/npy.h"

namespace sslbench {

struct NpyFile {
  NpyHead head;
  int64_t begin = 0;  // of the first element, in bytes
};

// Reads the head alone. BadArrays as npy.h, and when the file is shorter or longer than its head says.
NpyFile open_npy(const std::filesystem::path& file);

// All elements of a file of at most `most_bytes`.
StoredArray read_npy(const std::filesystem::path& file, int64_t most_bytes);

}  // namespace sslbench
