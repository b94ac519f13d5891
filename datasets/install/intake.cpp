// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/intake.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "datasets/install/archive_filter.h"
#include "datasets/readers/data_file.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

class Tally {
 public:
  Tally(fs::path from, const IntakeLimits& limits) : from_(std::move(from)), limits_(limits) {}

  void add_entry() {
    if (++entries_ > limits_.entries) refuse("more than " + std::to_string(limits_.entries) + " files and folders");
  }
  // The bytes that follow are of another archive.
  void begin_archive() { before_ = bytes_; }
  // `packed`: bytes of the archive that were read so far; negative for a folder.
  void add_bytes(int64_t bytes, int64_t packed) {
    bytes_ += bytes;
    if (bytes_ > limits_.bytes) refuse("more than " + std::to_string(limits_.bytes) + " bytes");
    const int64_t unpacked = bytes_ - before_;
    if (packed >= 0 && unpacked > limits_.ratio_free && unpacked / limits_.ratio > packed) {
      refuse("more than " + std::to_string(limits_.ratio) + " times the archive's size");
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw UserError("'" + from_.string() + "' unpacks to " + what + ", which is more than is unpacked");
  }

  fs::path from_;
  IntakeLimits limits_;
  int64_t entries_ = 0, bytes_ = 0, before_ = 0;
};

std::error_code make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error;
}

// Reads the entries of one archive. It writes the files itself: archive_write_disk's checks (no absolute paths, no
// "..", no links followed) work on paths relative to the process's folder, which a library must not change. Here only
// regular files and folders are made, below a folder that was empty, so no link can lead out of it.
class Unpacker {
 public:
  Unpacker(const fs::path& file, const fs::path& to, Tally& tally, const PublishedArchives& within)
      : Unpacker(file, to, tally, within, nullptr) {
    tally_.begin_archive();
    check(archive_read_open_filename(reader_.get(), file.c_str(), size_t{1} << 20));
  }
  // The archive that is the current entry of `outer`, called `file`: read as it comes, never written.
  Unpacker(const fs::path& file, const fs::path& to, Unpacker& outer)
      : Unpacker(file, to, outer.tally_, outer.within_, &outer) {
    check(archive_read_open(reader_.get(), this, nullptr, read_outer, nullptr));
  }

  void unpack() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) return;
      check(status);
      unpack_entry(entry);
    }
  }

 private:
  Unpacker(const fs::path& file, const fs::path& to, Tally& tally, const PublishedArchives& within, Unpacker* outer)
      : file_(file), to_(to), tally_(tally), within_(within), outer_(outer), reader_(make_archive_reader()) {}

  static la_ssize_t read_outer(archive* reader, void* self, const void** block) {
    auto& inner = *static_cast<Unpacker*>(self);
    inner.block_.resize(size_t{1} << 16);
    *block = inner.block_.data();
    const la_ssize_t got = archive_read_data(inner.outer_->reader_.get(), inner.block_.data(), inner.block_.size());
    if (got < 0) archive_set_error(reader, EIO, "%s", archive_error_string(inner.outer_->reader_.get()));
    return got;
  }

  int64_t packed_bytes() const {
    return outer_ != nullptr ? outer_->packed_bytes() : archive_filter_bytes(reader_.get(), -1);
  }

  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* reason = archive_error_string(reader_.get());
    throw UserError("'" + file_.string() + "' is no whole tar, zip or 7z archive: " +
                    (reason != nullptr ? reason : "unknown error") + "; give a folder or an archive");
  }

  [[noreturn]] void refuse(const std::string& name, const char* what) const {
    throw UserError("archive '" + file_.string() + "': the entry '" + name + "' " + what +
                    "; only regular files and folders below one folder are taken in");
  }

  // The place below `to` that an entry asks for.
  fs::path place_of(const std::string& name) const {
    const fs::path path = fs::path(name).lexically_normal();
    if (name.empty() || path.is_absolute() || *path.begin() == "..") refuse(name, "leaves the archive's folder");
    return to_ / path;
  }

  void unpack_entry(archive_entry* entry) {
    tally_.add_entry();
    const char* text = archive_entry_pathname(entry);
    if (text == nullptr) text = archive_entry_pathname_utf8(entry);
    const std::string name = text != nullptr ? text : "";
    const fs::path place = place_of(name);
    const fs::path below = place.lexically_relative(to_);
    if (std::any_of(below.begin(), below.end(), is_litter)) return;
    const auto type = archive_entry_filetype(entry);
    const bool linked = archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
    if (linked || (type != AE_IFREG && type != AE_IFDIR)) refuse(name, "is a link or a device");
    const auto unpacked = type == AE_IFREG ? place_of_inner(place) : std::nullopt;
    const fs::path folder = unpacked ? *unpacked : type == AE_IFDIR ? place : place.parent_path();
    if (const std::error_code error = make_folder(folder)) fail(name, folder, error);
    if (unpacked) return Unpacker(file_ / name, folder, *this).unpack();
    if (type == AE_IFREG) write_file(name, place);
  }

  // The folder of what an entry's archive holds, where the entry is one of those that are unpacked.
  std::optional<fs::path> place_of_inner(const fs::path& place) const {
    if (outer_ != nullptr) return {};
    if (within_.find(place) != nullptr) return place.parent_path();
    if (within_.tar_a_class && place.extension() == ".tar") return fs::path(place).replace_extension();
    return {};
  }

  // What an entry's name is to blame for is the archive's fault, not the disk's.
  [[noreturn]] void fail(const std::string& name, const fs::path& place, const std::error_code& error) const {
    switch (error.value()) {
      case EEXIST: refuse(name, "occurs twice");
      case EISDIR:
      case ENOTDIR: refuse(name, "is a file and a folder at once");
      case ENAMETOOLONG:
      case EINVAL:
      case EILSEQ: refuse(name, "has a name that the file system does not take");
      default: throw_storage(place, error);
    }
  }

  void write_file(const std::string& name, const fs::path& place) {
    const int descriptor = open(place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0) fail(name, place, {errno, std::generic_category()});
    const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor, [](const int* open) { close(*open); });
    std::array<char, 1 << 16> buffer;
    for (;;) {
      const la_ssize_t got = archive_read_data(reader_.get(), buffer.data(), buffer.size());
      if (got == 0) return;
      if (got < 0) check(ARCHIVE_FATAL);
      tally_.add_bytes(got, packed_bytes());
      for (la_ssize_t done = 0; done < got;) {
        const ssize_t put = write(descriptor, buffer.data() + done, static_cast<size_t>(got - done));
        if (put < 0 && errno != EINTR) throw_storage(place, {errno, std::generic_category()});
        done += put > 0 ? put : 0;
      }
    }
  }

  const fs::path file_, to_;
  Tally& tally_;
  const PublishedArchives& within_;
  Unpacker* const outer_;
  std::vector<char> block_;
  ArchiveReader reader_;
};

}  // namespace

void throw_storage(const fs::path& path, const std::error_code& error) {
  throw RunFailure(FailureKind::storage, "cannot write '" + path.string() + "': " + error.message());
}

void copy_folder(const fs::path& from, const fs::path& to, const IntakeLimits& limits,
                 const PublishedArchives& within) {
  if (*fs::relative(fs::canonical(to), fs::canonical(from)).begin() != "..") {
    throw UserError("the folder '" + from.string() + "' holds the data root itself; give the dataset's own folder");
  }
  Tally tally(from, limits);
  std::error_code error;
  for (fs::recursive_directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
    if (is_litter(at->path().filename())) {
      at.disable_recursion_pending();
      continue;
    }
    tally.add_entry();
    const fs::path place = to / fs::relative(at->path(), from);
    const fs::file_status status = at->symlink_status();
    if (fs::is_directory(status)) {
      if (const std::error_code failed = make_folder(place)) throw_storage(place, failed);
    } else if (fs::is_regular_file(status) && within.find(at->path()) != nullptr) {
      if (!is_unpacked(at->path(), within)) Unpacker(at->path(), place.parent_path(), tally, within).unpack();
    } else if (fs::is_regular_file(status)) {
      tally.add_bytes(limits.link ? 0 : static_cast<int64_t>(at->file_size()), -1);
      if (limits.link) {
        fs::create_symlink(fs::canonical(at->path()), place, error);
      } else {
        fs::copy_file(at->path(), place, error);
      }
      if (error) throw_storage(place, error);
    } else {
      throw UserError("'" + at->path().string() +
                      "' is a link or a device; only regular files and folders are taken in");
    }
  }
  if (error) throw UserError("the folder '" + from.string() + "' cannot be read: " + error.message());
}

void unpack_archive(const fs::path& archive, const fs::path& to, const IntakeLimits& limits,
                    const PublishedArchives& within) {
  Tally tally(archive, limits);
  Unpacker(archive, to, tally, within).unpack();
}

}  // namespace sslbench
