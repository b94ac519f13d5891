// SPDX-License-Identifier: Apache-2.0
#include "suites/files/file_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

// What a holder wrote into its lock, at most 300 bytes.
std::string text_of(int fd) {
  char text[300];
  const ssize_t got = ::pread(fd, text, sizeof text, 0);
  return {text, static_cast<size_t>(got < 0 ? 0 : got)};
}

}  // namespace

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& file, std::string& holder) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    throw RunFailure(FailureKind::storage, "cannot create " + file.parent_path().string() + ": " + error.message());
  }
  const int fd = open_in_place(file, O_RDWR);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd, F_OFD_SETLK, &whole) != 0) {
    const int reason = errno;
    holder = text_of(fd);
    ::close(fd);
    if (reason != EAGAIN && reason != EACCES) {
      throw RunFailure(FailureKind::storage, "cannot lock " + file.string() + ": " + std::strerror(reason));
    }
    return std::nullopt;
  }
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  const std::string self = "pid " + std::to_string(::getpid()) + " on " + host;
  // The text only informs; the lock is what counts, so a full disk does not matter here.
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, self.data(), self.size(), 0) < 0) holder.clear();
  return FileLock(fd);
}

bool FileLock::is_held(const std::filesystem::path& file, std::string& holder) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return false;
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const bool asked = ::fcntl(fd, F_OFD_GETLK, &whole) == 0;
  const bool held = asked && whole.l_type != F_UNLCK;
  if (held) holder = text_of(fd);
  ::close(fd);
  return held;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sslbench
