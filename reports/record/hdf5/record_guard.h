// SPDX-License-Identifier: Apache-2.0
// Records come from elsewhere, and the HDF5 library can crash on a file made for it. Child processes with limits read
// the files, several at a time, and hand over what they read; this process opens none, and what ends a child is
// refused.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sslbench {

class RecordGuard {
 public:
  // In a child: what file `index` holds, as bytes. Whatever it throws refuses the file.
  using Reader = std::function<std::string(size_t index)>;

  // Starts to read.
  RecordGuard(std::vector<std::filesystem::path> files, Reader reader);
  ~RecordGuard();
  RecordGuard(const RecordGuard&) = delete;
  RecordGuard& operator=(const RecordGuard&) = delete;

  // Waits for what the next file holds. UserError that names it when it is no record, when reading it ended the child
  // or took too much memory, or when no process can be started.
  std::string take();

 private:
  struct Child {
    pid_t process = -1;
    int pipe = -1;
  };
  // Lets it read what is left of its files; it has no process afterwards where none can be started.
  void start(Child& child);
  static void end(Child& child);

  std::vector<std::filesystem::path> files_;
  Reader reader_;
  std::vector<Child> children_;
  size_t next_ = 0;
};

}  // namespace sslbench
