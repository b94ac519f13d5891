// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_seal.h"

#include <zlib.h>

#include <cstdint>
#include <string_view>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr std::string_view kMark{"sslbench\0\0\0\0", kSealBytes - sizeof(uint32_t)};

std::string seal_for(std::string_view content) {
  const auto sum = static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
  std::string seal(kMark);
  for (int byte = 0; byte < 4; ++byte) seal += static_cast<char>(sum >> (8 * byte) & 0xFF);
  return seal;
}

std::string bytes_of(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const std::system_error& error) {
    throw UserError(file.string() + ": cannot be read: " + error.code().message());
  }
}

}  // namespace

std::string with_seal(std::string content) { return content.append(seal_for(content)); }

bool has_seal(std::istream& file) {
  std::string mark(kMark.size(), '\0');
  file.seekg(-static_cast<std::streamoff>(kSealBytes), std::ios::end);
  return file.read(mark.data(), static_cast<std::streamsize>(mark.size())) && mark == kMark;
}

Seal seal_of(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  if (bytes.size() < kSealBytes) return Seal::none;
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - kSealBytes);
  const std::string_view seal = std::string_view(bytes).substr(content.size());
  if (!seal.starts_with(kMark)) return Seal::none;
  return seal_for(content) == seal ? Seal::intact : Seal::broken;
}

}  // namespace sslbench
