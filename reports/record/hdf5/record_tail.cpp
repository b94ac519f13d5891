// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_tail.h"

#include <zlib.h>

#include <fstream>

#include "reports/record/hdf5/record_seal.h"

namespace sslbench {
namespace {

struct TailForm {
  std::string_view mark;
  uint64_t most;  // bytes of text
};

constexpr TailForm kForms[] = {{{"\0\0\0\0sslpackd", 12}, uint64_t{1} << 28},
                               {{"\0\0\0\0sslbrief", 12}, uint64_t{1} << 20}};
constexpr uint64_t kEnd = 12 + 12;  // two lengths and the checksum before the mark
constexpr uint64_t kMostBuild = 1000;

const TailForm& form_of(RecordTail which) { return kForms[static_cast<size_t>(which)]; }

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

struct Found {
  uint64_t text = 0, build = 0;  // bytes
  uint32_t sum = 0;
  uint64_t bytes() const { return text + build + kEnd; }
};

// A tail of that form which ends `before` bytes before the end of the stream.
std::optional<Found> tail_before(std::istream& file, uint64_t before, const TailForm& form) {
  const std::string end = bytes_before(file, before, kEnd);
  if (!end.ends_with(form.mark)) return {};
  const Found out{number_at(end, 0), number_at(end, 4), number_at(end, 8)};
  return out.text > form.most || out.build > kMostBuild ? std::nullopt : std::optional(out);
}

}  // namespace

std::string with_tail(std::string content, RecordTail which, std::string_view text, std::string_view build) {
  const std::string body = std::string(text).append(build);
  content += body;
  add_number(content, static_cast<uint32_t>(text.size()));
  add_number(content, static_cast<uint32_t>(build.size()));
  add_number(content, checksum(body));
  return content.append(form_of(which).mark);
}

uint64_t tail_bytes(std::istream& file) {
  uint64_t bytes = 0;
  for (const RecordTail which : {RecordTail::brief, RecordTail::packed}) {
    if (const auto found = tail_before(file, kSealBytes + bytes, form_of(which))) bytes += found->bytes();
  }
  return bytes;
}

std::optional<std::string> tail_of(const std::filesystem::path& file, RecordTail which, std::string_view build) {
  std::ifstream in(file, std::ios::binary);
  if (!has_seal(in)) return {};
  uint64_t before = kSealBytes;
  if (which == RecordTail::packed) {
    const auto brief = tail_before(in, before, form_of(RecordTail::brief));
    before += brief ? brief->bytes() : 0;
  }
  const auto found = tail_before(in, before, form_of(which));
  if (!found || found->build != build.size()) return {};
  std::string body = bytes_before(in, before + kEnd, found->text + found->build);
  if (!body.ends_with(build) || checksum(body) != found->sum) return {};
  body.resize(found->text);
  return body;
}

}  // namespace sslbench
