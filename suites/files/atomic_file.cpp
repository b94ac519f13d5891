// SPDX-License-Identifier: Apache-2.0
#include "suites/files/atomic_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLeastRead = size_t{64} << 10;
constexpr uintmax_t kMostHint = uintmax_t{1} << 30;

[[noreturn]] void fail(const fs::path& path, const char* doing, int error) {
  throw RunFailure(FailureKind::storage,
                   "cannot " + std::string(doing) + " " + path.string() + ": " + std::strerror(error));
}

// fsync is never tried twice: after a failure the kernel may have dropped the dirty pages.
void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail(folder, "open", errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) fail(folder, "sync", error);
}

fs::path folder_of(const fs::path& target) { return target.has_parent_path() ? target.parent_path() : fs::path("."); }

// ".<name>.<pid>-<16 hex digits>.tmp": whose it is, and a name that nobody could plant.
fs::path fresh_name(const fs::path& target) {
  uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) < 0) {
    if (errno != EINTR) fail(target, "name a file beside", errno);
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return folder_of(target) /
         ("." + target.filename().string() + "." + std::to_string(::getpid()) + "-" + digits + ".tmp");
}

}  // namespace

AtomicFile::AtomicFile(fs::path target) : target_(std::move(target)) {
  const fs::path folder = folder_of(target_);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "create", error.value());
  temporary_ = fresh_name(target_);
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd_ < 0) fail(temporary_, "create", errno);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!published_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) { write_all(fd_, bytes, temporary_); }

void AtomicFile::publish() {
  if (::fsync(fd_) != 0) fail(temporary_, "sync", errno);
  publish_unsynced();
  sync_folder(folder_of(target_));
}

void AtomicFile::publish_unsynced() {
  if (::close(std::exchange(fd_, -1)) != 0) fail(temporary_, "close", errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "rename to", errno);
  published_ = true;
}

void write_atomically(const fs::path& target, std::string_view bytes) {
  AtomicFile file(target);
  file.write(bytes);
  file.publish();
}

void write_unsynced(const fs::path& target, std::string_view bytes) {
  AtomicFile file(target);
  file.write(bytes);
  file.publish_unsynced();
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::system_error(errno, std::generic_category(), file.string());
  std::error_code none;
  const uintmax_t size = fs::file_size(file, none);  // a hint: of a pipe there is none
  std::string bytes(none || size > kMostHint ? kLeastRead : size + 1, '\0');
  size_t have = 0;
  while (in.read(bytes.data() + have, static_cast<std::streamsize>(bytes.size() - have))) {
    have = bytes.size();
    bytes.resize(2 * have);
  }
  bytes.resize(have + static_cast<size_t>(in.gcount()));
  if (in.bad()) throw std::system_error(EIO, std::generic_category(), file.string());
  return bytes;
}

}  // namespace sslbench
