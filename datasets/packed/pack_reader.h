// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "datasets/packed/pack_file.h"
#include "datasets/packed/stored_chunks.h"

namespace sslbench {

// Reads what PackWriter wrote. The file comes from elsewhere: links other than hard ones, filters other than those
// above and lengths above the file's are refused, plugins are not loaded. RunFailure(data) naming file and dataset.
class PackReader {
 public:
  explicit PackReader(std::filesystem::path file);

  bool has(const std::string& path) const;
  uint64_t length(const std::string& path) const;
  std::string text(const std::string& path) const;
  template <class T>
  std::vector<T> all(const std::string& path) const {
    std::vector<T> out(length(path));
    read(path, pack_type_of(T{}), 0, out.size(), out.data());
    return out;
  }
  // Bytes [first, first + count) of a dataset of bytes; from several threads at once.
  std::vector<uint8_t> bytes(const std::string& path, uint64_t first, uint64_t count) const;
  [[noreturn]] void refuse(const std::string& path, const std::string& what) const;

 private:
  [[noreturn]] void refuse_damaged(const std::string& path, uint64_t place) const;
  const std::pair<Hdf5Handle, uint64_t>& dataset(const std::string& path) const;
  void read(const std::string& path, PackType type, uint64_t first, uint64_t count, void* out) const;
  std::shared_ptr<const StoredChunks> chunks_of(const std::string& path) const;

  std::filesystem::path name_;
  Hdf5Handle file_;
  mutable std::map<std::string, std::pair<Hdf5Handle, uint64_t>> open_;
  mutable std::map<std::string, std::shared_ptr<const StoredChunks>> chunks_;  // null: read through HDF5
};

}  // namespace sslbench
