// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/byte_stream.h"

#include <archive.h>
#include <archive_entry.h>

#include <string>

#include "datasets/install/archive_filter.h"
#include "datasets/install/content_check.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

constexpr size_t kPiece = size_t{4} << 20, kMostUnpacked = size_t{8} << 30;

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "unknown error";
}

}  // namespace

void ByteStream::Close::operator()(archive* reader) const { archive_read_free(reader); }

ByteStream::ByteStream(std::filesystem::path file) : file_(std::move(file)), reader_(archive_read_new()) {
  archive* reader = reader_.get();
  require(reader != nullptr, "libarchive could not be started");
  check_behind(file_);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  if (file_.extension() == ".xz") add_own_filter(reader, archive_read_support_filter_xz);
  if (file_.extension() == ".gz") add_own_filter(reader, archive_read_support_filter_gzip);
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(reader, file_.c_str(), size_t{1} << 20) != ARCHIVE_OK) {
    throw_bad_data(file_, "cannot be read: " + reason(reader));
  }
  // An empty file has no entry; read() then says that there is nothing.
  const int status = archive_read_next_header(reader, &entry);
  if (status != ARCHIVE_OK && status != ARCHIVE_EOF) throw_bad_data(file_, "cannot be read: " + reason(reader));
  if (is_packed(file_) && status == ARCHIVE_OK && archive_filter_code(reader, 0) == ARCHIVE_FILTER_NONE) {
    throw_bad_data(file_, "is not packed as its name says");
  }
  if (status == ARCHIVE_EOF) reader_.reset();
}

size_t ByteStream::read(void* out, size_t bytes) {
  size_t done = 0;
  while (reader_ && done < bytes) {
    const la_ssize_t got = archive_read_data(reader_.get(), static_cast<char*>(out) + done, bytes - done);
    if (got < 0) throw_bad_data(file_, "damaged: " + reason(reader_.get()));
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

bool is_packed(const std::filesystem::path& file) { return file.extension() == ".gz" || file.extension() == ".xz"; }

void each_piece(const std::filesystem::path& file, const std::function<void(std::string_view)>& take) {
  ByteStream stream(file);
  std::string piece(kPiece, '\0');
  size_t total = 0;
  for (size_t got = kPiece; got == kPiece; total += got) {
    if (total >= kMostUnpacked) throw_bad_data(file, "unpacks to more than 8 GiB");
    got = stream.read(piece.data(), piece.size());
    take({piece.data(), got});
  }
}

}  // namespace sslbench
