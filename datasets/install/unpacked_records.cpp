// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/unpacked_records.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "datasets/install/intake.h"
#include "datasets/readers/byte_stream.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr size_t kPiece = size_t{4} << 20;

bool is_packed_record(const fs::path& file) {
  if (file.extension() != ".gz" && file.extension() != ".xz") return false;
  const fs::path inner = file.stem();
  return inner.extension() == ".bin" || inner.string().ends_with("-ubyte");
}

void unpack(const fs::path& packed, const fs::path& plain) {
  ByteStream stream(packed);
  errno = 0;
  std::ofstream out(plain, std::ios::binary);
  std::vector<char> piece(kPiece);
  size_t total = 0;
  for (size_t got = kPiece; got == kPiece && out; total += got) {
    if (total > kMostUnpackedRecords) throw_bad_data(packed, "unpacks to more than 8 GiB");
    got = stream.read(piece.data(), piece.size());
    out.write(piece.data(), static_cast<std::streamsize>(got));
  }
  out.close();
  if (!out) throw_storage(plain, std::error_code(errno, std::generic_category()));
}

}  // namespace

void unpack_records(const fs::path& folder) {
  std::vector<fs::path> packed;
  for (const fs::directory_entry& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_symlink() && file.is_regular_file() && is_packed_record(file.path())) packed.push_back(file.path());
  }
  for (const fs::path& file : packed) {
    const fs::path plain = file.parent_path() / file.stem();
    if (fs::exists(plain)) continue;
    unpack(file, plain);
    fs::remove(file);
  }
}

}  // namespace sslbench
