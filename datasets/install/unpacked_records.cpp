// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/unpacked_records.h"

#include <string>
#include <string_view>
#include <vector>

#include "datasets/readers/byte_stream.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool is_packed_record(const fs::path& file) {
  const fs::path inner = file.stem();
  return is_packed(file) && (inner.extension() == ".bin" || inner.string().ends_with("-ubyte"));
}

void unpack(const fs::path& packed, const fs::path& plain) {
  AtomicFile out(plain);
  each_piece(packed, [&](std::string_view piece) { out.write(piece); });
  out.publish_unsynced();  // the set is synced as a whole
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
