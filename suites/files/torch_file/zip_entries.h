// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct archive;
struct archive_entry;

namespace sslbench {

// The entries of a ZIP archive, one after the other in the order of the file. Throws BadTorchFile on damage, on what is
// encrypted, and where entries and their unpacked sizes are beyond what the file's own size can hold.
class ZipEntries {
 public:
  explicit ZipEntries(const std::filesystem::path& file);

  // False after the last one.
  bool next();
  const std::string& name() const { return name_; }
  uint64_t size() const { return size_; }  // unpacked
  // The content of the entry, exactly size() bytes, its checksum proved.
  void read(char* to);
  std::string read();

 private:
  struct Close {
    void operator()(archive* reader) const;
  };

  std::unique_ptr<archive, Close> reader_;
  std::string name_;
  uint64_t size_ = 0, entries_ = 0, total_ = 0, most_bytes_ = 0;
};

}  // namespace sslbench
