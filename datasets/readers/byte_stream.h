// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

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

// Whether a file's name says that gzip or xz packed it.
bool is_packed(const std::filesystem::path& file);

// Calls `take` with a file's bytes, piece by piece in order. RunFailure(data) as above, and when it holds 8 GiB or
// more.
void each_piece(const std::filesystem::path& file, const std::function<void(std::string_view)>& take);

}  // namespace sslbench
