// SPDX-License-Identifier: Apache-2.0
// The few HDF5 operations of the packed store: one-dimensional datasets written piece by piece and read from any place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/stored_chunks.h"
#include "suites/spec/hdf5_handle.h"

namespace sslbench {

enum class PackType { uint8, int32, int64, float32 };

// Writes a file with checksums (fletcher32) in every chunk and library bounds V110. RunFailure(storage) when a call
// fails.
class PackWriter {
 public:
  explicit PackWriter(const std::filesystem::path& file);

  void text(const std::string& path, std::string_view bytes);  // 1-D uint8
  template <class T>
  void all(const std::string& path, const std::vector<T>& values) {
    write(path, type_of(T{}), values.data(), values.size(), true);
  }
  // Adds to the end of a dataset of bytes, which the first call makes.
  void append(const std::string& path, const uint8_t* bytes, size_t count);
  // Closes the file, after which nothing may be written.
  void close();

 private:
  static PackType type_of(uint8_t) { return PackType::uint8; }
  static PackType type_of(int32_t) { return PackType::int32; }
  static PackType type_of(int64_t) { return PackType::int64; }
  static PackType type_of(float) { return PackType::float32; }
  void write(const std::string& path, PackType type, const void* values, size_t count, bool whole);
  void flush(const std::string& path);
  void make_group(const std::string& path);

  std::lock_guard<std::recursive_mutex> lock_;
  std::string name_;
  Hdf5Handle file_;
  std::map<std::string, std::pair<Hdf5Handle, uint64_t>> open_;  // dataset and its length so far
  std::map<std::string, std::vector<uint8_t>> pending_;          // appended, not written yet
};

// Reads such a file. It comes from elsewhere: links other than hard ones, filters other than those above and lengths
// above the file's are refused, plugins are not loaded. RunFailure(data) naming file and dataset.
class PackReader {
 public:
  explicit PackReader(std::filesystem::path file);

  bool has(const std::string& path) const;
  uint64_t length(const std::string& path) const;
  std::string text(const std::string& path) const;
  template <class T>
  std::vector<T> all(const std::string& path) const {
    std::vector<T> out(length(path));
    read(path, type_of(T{}), 0, out.size(), out.data());
    return out;
  }
  // Bytes [first, first + count) of a dataset of bytes; from several threads at once.
  std::vector<uint8_t> bytes(const std::string& path, uint64_t first, uint64_t count) const;
  [[noreturn]] void refuse(const std::string& path, const std::string& what) const;

 private:
  static PackType type_of(uint8_t) { return PackType::uint8; }
  static PackType type_of(int32_t) { return PackType::int32; }
  static PackType type_of(int64_t) { return PackType::int64; }
  static PackType type_of(float) { return PackType::float32; }
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
