// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) by Nettle, so that a person can check every digest with `sha256sum`.
#pragma once

#include <nettle/sha2.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sslbench {

class Sha256 {
 public:
  Sha256() { sha256_init(&state_); }
  void update(const void* data, size_t bytes) { sha256_update(&state_, bytes, static_cast<const uint8_t*>(data)); }
  void update(std::string_view text) { update(text.data(), text.size()); }
  // Ends the message and returns 64 lower-case hex digits; the object must not be used afterwards.
  std::string hex();

 private:
  sha256_ctx state_;
};

std::string sha256_hex(std::string_view text);
// Throws std::system_error when the file cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace sslbench
