// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), so that a person can check every digest with `sha256sum`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sslbench {

class Sha256 {
 public:
  void update(const void* data, size_t bytes);
  void update(std::string_view text) { update(text.data(), text.size()); }
  // Ends the message and returns 64 lower-case hex digits; the object must not be used afterwards.
  std::string hex();

 private:
  void compress(const uint8_t* block);

  std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> pending_{};
  uint64_t length_ = 0;  // bytes so far
};

std::string sha256_hex(std::string_view text);
// Throws std::system_error when the file cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace sslbench
