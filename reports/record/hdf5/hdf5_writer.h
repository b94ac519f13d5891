// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record/hdf5/hdf5_table.h"

namespace sslbench {

// Builds an HDF5 file in memory (library bounds V110, no time stamps: equal content gives equal bytes). The bytes are
// written to disk by the caller with checked calls, since HDF5 1.10 crashes or reports success on a full disk.
// Datasets are chunked with shuffle, deflate and fletcher32; missing parent groups are made. Throws
// RunFailure(storage), and RunFailure(internal) for a text longer than its column.
class Hdf5Writer {
 public:
  Hdf5Writer();

  // Attributes of the root group; text is fixed-length UTF-8 of at most 60,000 bytes.
  void attribute(const std::string& name, std::string_view value);
  void attribute(const std::string& name, int64_t value);

  // 1-D uint8: UTF-8 text, JSON for example.
  void text(const std::string& path, std::string_view bytes);
  // uint8 of that shape, row-major.
  void bytes(const std::string& path, const std::vector<uint64_t>& shape, const std::vector<uint8_t>& values);
  void reals(const std::string& path, const std::vector<double>& values);
  void table(const std::string& path, const Table& columns);
  // The same of `rows` rows, of which `block` gives some at a time: all their texts take much memory. Each time the
  // columns are those of an empty block.
  using TableBlock = std::function<Table(size_t first, size_t count)>;
  void table(const std::string& path, size_t rows, const TableBlock& block);

  // Ends the file and returns its bytes; nothing may be added afterwards.
  std::string finish();

 private:
  void make_parents(const std::string& path);
  Hdf5Handle make_dataset(const std::string& path, int64_t type, size_t item_bytes, const std::vector<uint64_t>& shape);
  void dataset(const std::string& path, int64_t type, int64_t memory_type, size_t item_bytes,
               const std::vector<uint64_t>& shape, const void* data);
  using PackRows = std::function<std::vector<char>(size_t row_bytes, size_t first, size_t count)>;
  void write_table(const std::string& path, const Table& columns, size_t rows, const PackRows& pack);

  std::lock_guard<std::recursive_mutex> lock_;
  std::vector<char> memory_;  // what HDF5 takes for the disk
  Hdf5Handle file_;
};

}  // namespace sslbench
