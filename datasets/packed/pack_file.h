// SPDX-License-Identifier: Apache-2.0
// What the two sides of a packed store's HDF5 file share.
#pragma once

#include <cstdint>

#include "suites/files/hdf5_handle.h"

namespace sslbench {

enum class PackType { uint8, int32, int64, float32 };

constexpr PackType pack_type_of(uint8_t) { return PackType::uint8; }
constexpr PackType pack_type_of(int32_t) { return PackType::int32; }
constexpr PackType pack_type_of(int64_t) { return PackType::int64; }
constexpr PackType pack_type_of(float) { return PackType::float32; }

// HDF5's type of a value in memory.
int64_t pack_memory_type(PackType type);
// Access rights of both sides (library bounds V110, closing closes all); silences the library's own messages.
Hdf5Handle pack_file_access();

}  // namespace sslbench
