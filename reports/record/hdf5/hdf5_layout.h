// SPDX-License-Identifier: Apache-2.0
// What is asked of an HDF5 file from elsewhere before the library reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sslbench {

// Why a file cannot be one of ours, from its first bytes (HDF5 File Format Specification, II.A, superblock 2 and 3), or
// "". HDF5 1.10 leaks memory when it refuses such a file itself.
std::string why_not_ours(const std::filesystem::path& file);

// Why reading a dataset might take more than it holds, or "": it is not in chunks of at most 1 MiB, or passes other
// filters than shuffle, deflate and fletcher32, each once. Deflate upon deflate makes a megabyte of a byte.
std::string why_costly(int64_t dataset);

}  // namespace sslbench
