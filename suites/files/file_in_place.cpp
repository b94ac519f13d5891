// SPDX-License-Identifier: Apache-2.0
#include "suites/files/file_in_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& why) {
  throw RunFailure(FailureKind::storage, "cannot open " + file.string() + ": " + why);
}

// Whether something stands behind the last line end of a file.
bool ends_within_line(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

constexpr const char* kReplace = "which is not written through; remove it";

}  // namespace

int open_in_place(const fs::path& file, int flags) {
  // Not blocking: who opens a pipe waits for its other end.
  const int fd = ::open(file.c_str(), flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
  if (fd < 0 && errno == ELOOP) fail(file, std::string("it is a symbolic link, ") + kReplace);
  if (fd < 0) fail(file, std::strerror(errno));
  struct stat found {};
  const int error = ::fstat(fd, &found) == 0 ? 0 : errno;
  if (error == 0 && S_ISREG(found.st_mode) && found.st_nlink <= 1) return fd;
  ::close(fd);
  if (error != 0) fail(file, std::strerror(error));
  fail(file, (S_ISREG(found.st_mode) ? "it is a file of several names (hard links), " : "it is no regular file, ") +
                 std::string(kReplace));
}

void write_all(int fd, std::string_view bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw RunFailure(FailureKind::storage, "cannot write " + file.string() + ": " + std::strerror(errno));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void append_in_place(const fs::path& file, std::string_view lines) {
  const int fd = open_in_place(file, O_RDWR | O_APPEND);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* open) { ::close(*open); });
  write_all(fd, (ends_within_line(fd) ? "\n" : "") + std::string(lines), file);
}

void expect_no_link(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_symlink(fs::symlink_status(folder, none))) return;
  throw UserError(folder.string() +
                  " is a symbolic link, and what is written below it would go elsewhere; put a folder in its place, or "
                  "name another with -o");
}

void expect_no_link_below(const fs::path& root, const fs::path& file) {
  fs::path at = root;
  for (const fs::path& part : file.parent_path()) expect_no_link(at /= part);
}

}  // namespace sslbench
