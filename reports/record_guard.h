// SPDX-License-Identifier: Apache-2.0
// Records come from elsewhere, and the HDF5 library can crash on a file made for it. A child process with limits reads
// every file first; what ends the child is refused, and this process reads only what the child has read.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sslbench {

class RecordGuard {
 public:
  using Reader = std::function<void(const std::filesystem::path&)>;

  // Starts to read with `reader` (read_record when empty); the files are asked for in this order.
  explicit RecordGuard(std::vector<std::filesystem::path> files, Reader reader = {});
  ~RecordGuard();
  RecordGuard(const RecordGuard&) = delete;
  RecordGuard& operator=(const RecordGuard&) = delete;

  // Waits until file `index` has been read whole. UserError that names it when it is no record, or when reading it
  // ended the child or took too much memory.
  void check(size_t index);

 private:
  void start();
  void end_child();
  void wait_for_one();

  std::vector<std::filesystem::path> files_;
  Reader reader_;
  std::map<size_t, std::string> refused_;
  size_t done_ = 0;   // files that a child has read, or died of
  std::string said_;  // by the child, not yet taken
  int pipe_ = -1;
  pid_t child_ = -1;
};

}  // namespace sslbench
