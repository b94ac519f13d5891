// SPDX-License-Identifier: Apache-2.0
// Bytes of a packed store read from the file itself: HDF5 serves one thread at a time and reads a whole chunk for every
// picture. Ordinary reads instead of a memory map: a file that is cut off meanwhile is an error, not a signal (HDF5
// would give zeros, which agree with a checksum of zero).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace sslbench {

// Where a one-dimensional dataset of bytes lies in its file.
struct ChunkPlaces {
  uint64_t chunk_bytes = 0;
  bool checksums = false;           // fletcher32, four bytes behind each chunk
  std::vector<uint64_t> addresses;  // of chunk k, which holds bytes [k chunk_bytes, (k + 1) chunk_bytes)
};

// read() may be called from several threads at once.
class StoredChunks {
 public:
  // Keeps a duplicate of the open file's descriptor.
  StoredChunks(int descriptor, ChunkPlaces places);
  ~StoredChunks();
  StoredChunks(const StoredChunks&) = delete;
  StoredChunks& operator=(const StoredChunks&) = delete;

  // Bytes [first, first + count); the checksum of a chunk is looked at when it is first touched. False when the file
  // could not be read or a checksum differs.
  bool read(uint64_t first, uint64_t count, uint8_t* out) const;

 private:
  bool checked(uint64_t chunk) const;

  ChunkPlaces places_;
  int descriptor_;
  std::unique_ptr<std::atomic<bool>[]> sound_;
};

// HDF5's: 16-bit big-endian words, an odd last byte counts as the high half of one.
uint32_t fletcher32(const uint8_t* bytes, size_t count);

}  // namespace sslbench
