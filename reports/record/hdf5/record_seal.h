// SPDX-License-Identifier: Apache-2.0
// The seal of a record file: 16 bytes behind the HDF5 content, which HDF5 itself does not look at: "sslbench", four
// zero bytes and the CRC-32 (ISO 3309, as in gzip) of all bytes before. It finds damage without unpacking anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <string>

namespace sslbench {

inline constexpr size_t kSealBytes = 16;

// `content` and its seal.
std::string with_seal(std::string content);

// Whether the stream ends in one, be it right or wrong.
bool has_seal(std::istream& file);

enum class Seal { none, intact, broken };
// Reads the file whole; `broken`: some byte is not the one that was written. Throws std::system_error.
Seal seal_of(const std::filesystem::path& file);

}  // namespace sslbench
