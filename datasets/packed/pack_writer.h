// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/packed/pack_file.h"

namespace sslbench {

// Writes a file with checksums (fletcher32) in every chunk and library bounds V110. RunFailure(storage) when a call
// fails.
class PackWriter {
 public:
  explicit PackWriter(const std::filesystem::path& file);

  void text(const std::string& path, std::string_view bytes);  // 1-D uint8
  template <class T>
  void all(const std::string& path, const std::vector<T>& values) {
    write(path, pack_type_of(T{}), values.data(), values.size(), true);
  }
  // Adds to the end of a dataset of bytes, which the first call makes.
  void append(const std::string& path, const uint8_t* bytes, size_t count);
  // Closes the file, after which nothing may be written.
  void close();

 private:
  void write(const std::string& path, PackType type, const void* values, size_t count, bool whole);
  void flush(const std::string& path);
  void make_group(const std::string& path);

  std::lock_guard<std::recursive_mutex> lock_;
  std::string name_;
  Hdf5Handle file_;
  std::map<std::string, std::pair<Hdf5Handle, uint64_t>> open_;  // dataset and its length so far
  std::map<std::string, std::vector<uint8_t>> pending_;          // appended, not written yet
};

}  // namespace sslbench
