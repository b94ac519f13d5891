// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

struct archive;

namespace sslbench {

// The bytes of a file in order, decompressed when its name ends in .xz or .gz. Memory use does not depend on its size.
class ByteStream {
 public:
  // RunFailure(data) naming the file when it cannot be opened.
  explicit ByteStream(std::filesystem::path file);

  // Fills up to `bytes` bytes and returns how many: fewer only at the end. RunFailure(data) when the data is damaged.
  size_t read(void* out, size_t bytes);

 private:
  struct Close {
    void operator()(archive* reader) const;
  };
  std::filesystem::path file_;
  std::unique_ptr<archive, Close> reader_;
};

}  // namespace sslbench
