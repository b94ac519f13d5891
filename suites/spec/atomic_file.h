// SPDX-License-Identifier: Apache-2.0
// The only write path for anything that a later step reads: temporary file in the same folder, fsync, rename, fsync of
// the folder. Readers see the old file or the new one, never a part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sslbench {

// A temporary name beside `target` that is renamed to it by publish(); removed by the destructor when not published.
// All failures (disk full, read-only, too many files) are RunFailure(storage) that names the path and the reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Where the caller writes; the folder exists.
  const std::filesystem::path& temporary() const { return temporary_; }
  // fsync, rename, fsync of the folder. The caller has closed the file.
  void publish();

 private:
  std::filesystem::path target_, temporary_;
  bool published_ = false;
};

// Writes `bytes` to `target` as above, checking every return value.
void write_atomically(const std::filesystem::path& target, std::string_view bytes);

// Reads a whole file; throws std::system_error.
std::string read_file(const std::filesystem::path& file);

}  // namespace sslbench
