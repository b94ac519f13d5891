// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/brief_tail.h"

#include <zlib.h>

#include <fstream>

#include "reports/record/hdf5/record_seal.h"

namespace sslbench {
namespace {

constexpr std::string_view kMark{"\0\0\0\0sslbrief", 12};
constexpr uint64_t kEnd = 12 + kMark.size();  // two lengths and the checksum before the mark
constexpr uint64_t kMost = uint64_t{1} << 20;

void add_number(std::string& out, uint32_t number) {
  for (int byte = 0; byte < 4; ++byte) out += static_cast<char>(number >> (8 * byte) & 0xFF);
}

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t out = 0;
  for (size_t byte = 0; byte < 4; ++byte) out |= uint32_t{static_cast<unsigned char>(bytes[at + byte])} << (8 * byte);
  return out;
}

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// `count` bytes that end `before` bytes before the end of the stream; "" when it has fewer.
std::string bytes_before(std::istream& file, uint64_t before, uint64_t count) {
  std::string out(count, '\0');
  file.clear();
  file.seekg(-static_cast<std::streamoff>(before + count), std::ios::end);
  return file.read(out.data(), static_cast<std::streamsize>(count)) ? out : "";
}

// Lengths of text and build where a stream has a brief.
std::optional<std::pair<uint64_t, uint64_t>> lengths(const std::string& end) {
  if (end.size() != kEnd || !end.ends_with(kMark)) return {};
  const std::pair<uint64_t, uint64_t> out{number_at(end, 0), number_at(end, 4)};
  return out.first > kMost || out.second > kMost ? std::nullopt : std::optional(out);
}

}  // namespace

std::string with_brief(std::string content, std::string_view brief, std::string_view build) {
  const std::string body = std::string(brief).append(build);
  content += body;
  add_number(content, static_cast<uint32_t>(brief.size()));
  add_number(content, static_cast<uint32_t>(build.size()));
  add_number(content, checksum(body));
  return content.append(kMark);
}

uint64_t brief_bytes(std::istream& file) {
  const auto found = lengths(bytes_before(file, kSealBytes, kEnd));
  return found ? found->first + found->second + kEnd : 0;
}

std::optional<std::string> brief_of(const std::filesystem::path& file, std::string_view build) {
  std::ifstream in(file, std::ios::binary);
  const std::string end = bytes_before(in, kSealBytes, kEnd);
  const auto found = lengths(end);
  if (!found || found->second != build.size() || !has_seal(in)) return {};
  std::string body = bytes_before(in, kSealBytes + kEnd, found->first + found->second);
  if (!body.ends_with(build) || checksum(body) != number_at(end, 8)) return {};
  body.resize(found->first);
  return body;
}

}  // namespace sslbench
