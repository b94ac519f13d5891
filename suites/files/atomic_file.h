// SPDX-License-Identifier: Apache-2.0
// The only write path for anything that a later step reads: temporary file in the same folder, fsync, rename, fsync of
// the folder. Readers see the old file or the new one, never a part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sslbench {

// A fresh file beside `target` that is renamed to it by publish(); removed by the destructor when not published. Its
// name is new and cannot be foretold, and a link in the target's place is replaced, not followed. All failures (disk
// full, read-only, too many files) are RunFailure(storage) that names the path and the reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  // The file that was made, for writers of their own, which close it before publish(): its name and its descriptor.
  const std::filesystem::path& temporary() const { return temporary_; }
  int descriptor() const { return fd_; }
  // fsync, rename, fsync of the folder. Nothing may be written afterwards.
  void publish();
  // The rename alone, for what only informs and need not outlive the machine.
  void publish_unsynced();

 private:
  std::filesystem::path target_, temporary_;
  int fd_ = -1;
  bool published_ = false;
};

// Writes `bytes` to `target` as above, checking every return value.
void write_atomically(const std::filesystem::path& target, std::string_view bytes);

// The same for what may be lost with the machine: what can be found out again, or is of this process alone.
void write_unsynced(const std::filesystem::path& target, std::string_view bytes);

// Reads a whole file; throws std::system_error.
std::string read_file(const std::filesystem::path& file);

}  // namespace sslbench
