// SPDX-License-Identifier: Apache-2.0
#include "suites/files/bounded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace sslbench {
namespace {

namespace fs = std::filesystem;

enum class Unfit { not_regular = 1, too_large };

class UnfitCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "unfit file"; }
  std::string message(int value) const override {
    return value == static_cast<int>(Unfit::not_regular) ? "it is no regular file"
                                                         : "it is larger than such a file can be";
  }
};

[[noreturn]] void refuse(const fs::path& file, Unfit why) {
  static const UnfitCategory category;
  throw std::system_error(static_cast<int>(why), category, file.string());
}

[[noreturn]] void fail(const fs::path& file, int error) {
  throw std::system_error(error, std::generic_category(), file.string());
}

// Bytes read, 0 at the end.
size_t read_some(int fd, char* to, size_t bytes, const fs::path& file) {
  for (;;) {
    const ssize_t got = ::read(fd, to, bytes);
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) fail(file, errno);
  }
}

}  // namespace

std::string read_regular_file(const fs::path& file, uintmax_t most_bytes) {
  // Not blocking: who opens a pipe waits for its other end.
  const int fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) fail(file, errno);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* open) { ::close(*open); });
  struct stat found {};
  if (::fstat(fd, &found) != 0) fail(file, errno);
  if (!S_ISREG(found.st_mode)) refuse(file, Unfit::not_regular);
  const auto size = static_cast<uintmax_t>(found.st_size);
  if (size > most_bytes) refuse(file, Unfit::too_large);
  std::string bytes(size + 1, '\0');  // one more shows whether it has grown, as files of /proc do from nothing
  size_t have = 0;
  while (const size_t got = read_some(fd, bytes.data() + have, bytes.size() - have, file)) {
    have += got;
    if (have > most_bytes) refuse(file, Unfit::too_large);
    if (have == bytes.size()) bytes.resize(2 * have);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace sslbench
