// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/zip_entries.h"

#include <archive.h>
#include <archive_entry.h>

#include <system_error>

#include "suites/files/torch_file/bad_torch_file.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr uint64_t kMostEntries = 200'000;
// torch.save does not compress; who packs such a file again gains a little, never this much.
constexpr uint64_t kMostRatio = 100, kRatioFree = uint64_t{8} << 20;
constexpr size_t kBlock = size_t{1} << 20;

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? printable(text) : "unknown error";
}

}  // namespace

void ZipEntries::Close::operator()(archive* reader) const { archive_read_free(reader); }

ZipEntries::ZipEntries(const std::filesystem::path& file) : reader_(archive_read_new()) {
  require(reader_ != nullptr, "libarchive could not be started");
  most_bytes_ = kRatioFree + kMostRatio * std::filesystem::file_size(file);
  archive* reader = reader_.get();
  archive_read_support_format_zip_seekable(reader);
  if (archive_read_open_filename(reader, file.c_str(), kBlock) != ARCHIVE_OK) {
    throw BadTorchFile("its ZIP archive is damaged: " + reason(reader));
  }
}

bool ZipEntries::next() {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(reader_.get(), &entry);
  if (status == ARCHIVE_EOF) return false;
  if (status < ARCHIVE_WARN) throw BadTorchFile("its ZIP archive is damaged: " + reason(reader_.get()));
  if (archive_entry_is_encrypted(entry) != 0) throw BadTorchFile("it is encrypted");
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  if (name == nullptr || archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) < 0) {
    throw BadTorchFile("its ZIP archive is damaged: an entry without a name or size");
  }
  name_ = name;
  size_ = static_cast<uint64_t>(archive_entry_size(entry));
  total_ += size_;
  if (size_ > most_bytes_ || total_ > most_bytes_ || ++entries_ > kMostEntries) {
    throw BadTorchFile("it says that it holds more than a file of its size can: refused as made to fill memory");
  }
  return true;
}

void ZipEntries::read(char* to) {
  uint64_t have = 0;
  la_ssize_t got = 1;
  while (got > 0 && have < size_) {
    got = archive_read_data(reader_.get(), to + have, size_ - have);
    if (got > 0) have += static_cast<uint64_t>(got);
  }
  char beyond = 0;
  if (got > 0 || size_ == 0) got = archive_read_data(reader_.get(), &beyond, 1);  // proves length and checksum
  if (got < 0) throw BadTorchFile("entry '" + printable(name_) + "' is damaged: " + reason(reader_.get()));
  if (have != size_ || got != 0) throw BadTorchFile("entry '" + printable(name_) + "' has another length than it says");
}

std::string ZipEntries::read() {
  std::string out(size_, '\0');
  read(out.data());
  return out;
}

}  // namespace sslbench
