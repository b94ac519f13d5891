// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace sslbench {

// An exclusive lock on a file (fcntl OFD lock) that names its holder ("pid 17 on host"); released by the destructor and
// by the death of the process. A folder belongs to one writer at a time.
class FileLock {
 public:
  // Takes the lock, or returns nothing and sets `holder`. RunFailure(storage) on a file system without locks, and where
  // `file` is a link to another.
  static std::optional<FileLock> try_take(const std::filesystem::path& file, std::string& holder);

  // Whether another open file holds the lock (its holder is named); takes nothing and needs no write access. A missing
  // file is not held.
  static bool is_held(const std::filesystem::path& file, std::string& holder);

  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace sslbench
