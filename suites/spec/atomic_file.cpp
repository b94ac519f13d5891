// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "suites/spec/error.h"

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
void sync_path(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) fail(path, "open", errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) fail(path, "sync", error);
}

void write_all(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      ::close(fd);
      fail(path, "write", error);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path target) : target_(std::move(target)) {
  static std::atomic<unsigned> serial{0};
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "create", error.value());
  temporary_ = folder / ("." + target_.filename().string() + "." + std::to_string(::getpid()) + "-" +
                         std::to_string(serial++) + ".tmp");
}

AtomicFile::~AtomicFile() {
  if (!published_) ::unlink(temporary_.c_str());
}

void AtomicFile::publish() {
  sync_path(temporary_, O_RDONLY);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "rename to", errno);
  published_ = true;
  sync_path(target_.has_parent_path() ? target_.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

void write_atomically(const fs::path& target, std::string_view bytes) {
  AtomicFile file(target);
  const int fd = ::open(file.temporary().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) fail(file.temporary(), "create", errno);
  write_all(fd, bytes, file.temporary());
  if (::close(fd) != 0) fail(file.temporary(), "close", errno);
  file.publish();
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
