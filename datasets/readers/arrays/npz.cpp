// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "datasets/readers/arrays/npy.h"
#include "suites/files/safetensors_header.h"

namespace sslbench {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr int64_t kMostEntries = 100'000;

struct Free {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "unknown reason";
}

// Exactly `size` bytes of the current entry, which are allocated as they come: what an entry claims costs nothing.
std::string read_bytes(archive* reader, const std::string& name, size_t size) {
  std::string out;
  while (out.size() < size) {
    const size_t before = out.size(), some = std::min(kBlock, size - before);
    out.resize(before + some);
    const la_ssize_t got = archive_read_data(reader, &out[before], some);
    if (got < 0) throw BadArrays("'" + name + "' cannot be read: " + reason(reader));
    out.resize(before + static_cast<size_t>(got));
    if (got == 0) throw BadArrays("'" + name + "' is cut off");
  }
  return out;
}

StoredArray read_entry(archive* reader, const std::string& name) {
  std::string head = read_bytes(reader, name, kNpyBegin);
  const size_t size = npy_head_size(name, head);
  head += read_bytes(reader, name, size - head.size());
  const NpyHead parsed = parse_npy_head(name, head);
  const auto numel = static_cast<size_t>(checked_numel(name, parsed.dtype, parsed.shape));
  StoredArray out = npy_array(parsed, read_bytes(reader, name, numel * element_size(parsed.dtype)));
  char more = 0;
  if (archive_read_data(reader, &more, 1) != 0) throw BadArrays("'" + name + "' is longer than its shape");
  return out;
}

}  // namespace

StoredArrays read_npz(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                      std::vector<std::string>& seen) {
  const std::unique_ptr<archive, Free> reader(archive_read_new());
  if (!reader) throw std::bad_alloc();
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), kBlock) != ARCHIVE_OK) {
    throw BadArrays("cannot be read: " + reason(reader.get()));
  }
  StoredArrays out;
  archive_entry* entry = nullptr;
  for (int64_t count = 0; count < kMostEntries; ++count) {
    const int result = archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) return out;
    if (result != ARCHIVE_OK) throw BadArrays("is a damaged .npz file: " + reason(reader.get()));
    const char* path = archive_entry_pathname(entry);
    std::string name = path != nullptr ? path : "";
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    seen.push_back(name);
    if (std::ranges::find(wanted, name) == wanted.end()) continue;
    if (out.contains(name)) throw BadArrays("holds '" + name + "' twice");
    out[name] = read_entry(reader.get(), name);
  }
  throw BadArrays("holds more than " + std::to_string(kMostEntries) + " arrays");
}

}  // namespace sslbench
