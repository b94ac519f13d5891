// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/published_archives.h"

#include <archive.h>
#include <archive_entry.h>
#include <nettle/md5.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "datasets/install/archive_filter.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// MD5 tells a damaged or another archive; against forgery stand the counts and the digest of what is installed.
std::string md5_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<char> buffer(size_t{1} << 20);
  md5_ctx state;
  md5_init(&state);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    md5_update(&state, static_cast<size_t>(in.gcount()), reinterpret_cast<const uint8_t*>(buffer.data()));
  }
  if (!in.eof()) throw_bad_data(file, "cannot be read");
  std::array<uint8_t, MD5_DIGEST_SIZE> digest;
  md5_digest(&state, digest.size(), digest.data());
  std::string out;
  for (const uint8_t byte : digest) {
    constexpr const char* kDigits = "0123456789abcdef";
    out += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace

const PublishedArchive* PublishedArchives::find(const fs::path& file) const {
  const auto found = std::ranges::find(files, file.filename().string(), &PublishedArchive::name);
  return found == files.end() ? nullptr : &*found;
}

bool is_unpacked(const fs::path& archive, const PublishedArchives& published) {
  if (published.done) return true;
  const ArchiveReader reader = make_archive_reader();
  if (archive_read_open_filename(reader.get(), archive.c_str(), size_t{1} << 16) != ARCHIVE_OK) return false;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    const char* name = archive_entry_pathname(entry);
    if (archive_entry_filetype(entry) != AE_IFREG || name == nullptr) continue;
    return has_file(archive.parent_path() / fs::path(name).relative_path());
  }
  return false;
}

std::vector<std::string> archive_findings(const fs::path& from, const PublishedArchives& published) {
  std::vector<fs::path> files{from};
  if (fs::is_directory(from)) {
    files.clear();
    for (const std::string& name : files_in(from)) files.push_back(from / name);
  }
  std::vector<std::string> out;
  for (const fs::path& file : files) {
    const PublishedArchive* archive = published.find(file);
    if (archive == nullptr || archive->md5.empty() || (file != from && is_unpacked(file, published))) continue;
    const std::string md5 = md5_of(file);
    out.push_back(archive->name + (md5 == archive->md5 ? ": as published (MD5 " + md5 + ")"
                                                       : ": differs from the published archive (MD5 " + md5 +
                                                             ", published " + archive->md5 + ")"));
  }
  return out;
}

}  // namespace sslbench
