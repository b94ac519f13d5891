// SPDX-License-Identifier: Apache-2.0
// Images that lie as records of equal length in large files.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// A file read at any place: plain ones from disk, .xz and .gz ones (`data add` leaves those of linked sets packed)
// unpacked into memory.
class RecordFile {
 public:
  // RunFailure(data) when it cannot be read, is damaged, or unpacks to more than 8 GiB.
  explicit RecordFile(std::filesystem::path file);
  // The records that a file of another form holds, which were read already.
  RecordFile(std::filesystem::path file, const std::string& records)
      : file_(std::move(file)), size_(static_cast<int64_t>(records.size())), memory_(records.begin(), records.end()) {}
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  int64_t size() const { return size_; }
  const std::filesystem::path& path() const { return file_; }
  // RunFailure(data) naming the byte when the file ends before.
  void read(int64_t offset, uint8_t* out, size_t bytes) const;

 private:
  std::filesystem::path file_;
  int64_t size_ = 0;
  std::vector<uint8_t> memory_;
  int descriptor_ = -1;
};

// FOLDER/<name>, or with .gz or .xz behind it; "" when there is none.
std::filesystem::path find_record_file(const std::filesystem::path& folder, const std::string& name);

struct RecordLayout {
  int64_t header = 0;  // bytes before the first record
  int64_t record = 0;  // bytes of one
  int64_t pixels = 0;  // where in it the pixels begin
  int32_t side_y = 0, side_x = 0;
  enum class Order { planes, column_planes, interleaved, gray } order = Order::planes;
};

// Records of several files one after the other.
class RecordImages : public DataSource {
 public:
  RecordImages(RecordLayout layout, std::vector<std::string> classes) : layout_(layout), classes_(std::move(classes)) {}

  // `labels`: of every record; empty: -1. RunFailure(data) when the file ends within a record or holds none.
  void add(std::shared_ptr<const RecordFile> file, std::vector<int32_t> labels);

  int64_t size() const override { return total_; }
  Item item(int64_t i) const override;
  int32_t label(int64_t i) const override;
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  struct Part {
    std::shared_ptr<const RecordFile> file;
    std::vector<int32_t> labels;
    int64_t first = 0;
  };
  // The part that holds example i, and which of its records that is.
  std::pair<const Part&, int64_t> at(int64_t i) const;

  RecordLayout layout_;
  std::vector<std::string> classes_;
  std::vector<Part> parts_;
  int64_t total_ = 0;
};

// One byte of every record, checked to be `low` .. low + classes - 1 and returned from 0; RunFailure(data) naming
// record and byte.
std::vector<int32_t> record_labels(const RecordFile& file, int64_t header, int64_t record, int64_t at, int low,
                                   size_t classes);

}  // namespace sslbench
