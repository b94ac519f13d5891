// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/stored_chunks.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sslbench {
namespace {

bool read_at(int descriptor, uint64_t place, uint8_t* out, size_t count) {
  while (count > 0) {
    const ssize_t got = pread(descriptor, out, count, static_cast<off_t>(place));
    if (got <= 0) return false;
    out += got;
    place += static_cast<uint64_t>(got);
    count -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

StoredChunks::StoredChunks(int descriptor, ChunkPlaces places)
    : places_(std::move(places)),
      descriptor_(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)),
      sound_(std::make_unique<std::atomic<bool>[]>(places_.addresses.size())) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "a packed store's file");
}

StoredChunks::~StoredChunks() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool StoredChunks::read(uint64_t first, uint64_t count, uint8_t* out) const {
  while (count > 0) {
    const uint64_t chunk = first / places_.chunk_bytes, inside = first % places_.chunk_bytes;
    const uint64_t here = std::min(count, places_.chunk_bytes - inside);
    if (chunk >= places_.addresses.size() || !checked(chunk)) return false;
    if (!read_at(descriptor_, places_.addresses[chunk] + inside, out, here)) return false;
    first += here;
    out += here;
    count -= here;
  }
  return true;
}

bool StoredChunks::checked(uint64_t chunk) const {
  if (!places_.checksums || sound_[chunk].load(std::memory_order_acquire)) return true;
  std::vector<uint8_t> bytes(places_.chunk_bytes + 4);
  if (!read_at(descriptor_, places_.addresses[chunk], bytes.data(), bytes.size())) return false;
  uint32_t stored = 0;
  for (size_t i = 0; i < 4; ++i) stored |= static_cast<uint32_t>(bytes[places_.chunk_bytes + i]) << (8 * i);
  if (fletcher32(bytes.data(), places_.chunk_bytes) != stored) return false;
  sound_[chunk].store(true, std::memory_order_release);
  return true;
}

uint32_t fletcher32(const uint8_t* bytes, size_t count) {
  constexpr size_t kWordsUntilOverflow = 360;
  const auto folded = [](uint32_t sum) { return (sum & 0xFFFF) + (sum >> 16); };
  uint32_t low = 0, high = 0;
  for (size_t words = count / 2; words > 0;) {
    const size_t now = std::min(words, kWordsUntilOverflow);
    words -= now;
    for (size_t i = 0; i < now; ++i, bytes += 2) {
      low += static_cast<uint32_t>(bytes[0] << 8 | bytes[1]);
      high += low;
    }
    low = folded(low), high = folded(high);
  }
  if (count % 2 != 0) {
    low += static_cast<uint32_t>(bytes[0] << 8);
    high += low;
    low = folded(low), high = folded(high);
  }
  return folded(high) << 16 | folded(low);
}

}  // namespace sslbench
