// SPDX-License-Identifier: Apache-2.0
// A record in short, as text, in its own file: between HDF5's content and the seal (record_seal.h), so that whoever
// looks at thousands of records opens none of them. Text, its build's name, then 24 bytes: lengths of both (32 bits
// each), the CRC-32 of both, four zero bytes, "sslbrief". Only the build that wrote it takes it: another may read more,
// or less, out of the record itself.
#pragma once

#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace sslbench {

// `content` and its brief.
std::string with_brief(std::string content, std::string_view brief, std::string_view build);

// Bytes that the brief of a stream takes which ends in a seal; 0: it has none.
uint64_t brief_bytes(std::istream& file);

// The brief that `build` wrote; none where there is none, it was written by another, or is damaged.
std::optional<std::string> brief_of(const std::filesystem::path& file, std::string_view build);

}  // namespace sslbench
