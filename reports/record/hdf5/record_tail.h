// SPDX-License-Identifier: Apache-2.0
// What a record file says of itself once more, between HDF5's content and the seal (record_seal.h), so that whoever
// looks at thousands of records opens none of them with HDF5, which takes milliseconds each. Text, its build's name,
// then 24 bytes: lengths of both (32 bits each), the CRC-32 of both, four zero bytes, a mark of eight letters. Only the
// build that wrote it takes it: another may read more, or less, out of the record itself.
#pragma once

#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace sslbench {

// In the file in this order: what a report reads of a run (packed_record.h), and the record in short (brief_record.h).
enum class RecordTail { packed, brief };

// `content` and this tail.
std::string with_tail(std::string content, RecordTail which, std::string_view text, std::string_view build);

// Bytes that the tails of a stream take which ends in a seal; 0: it has none.
uint64_t tail_bytes(std::istream& file);

// What `build` wrote there; none where there is nothing, it was written by another, or is damaged.
std::optional<std::string> tail_of(const std::filesystem::path& file, RecordTail which, std::string_view build);

}  // namespace sslbench
