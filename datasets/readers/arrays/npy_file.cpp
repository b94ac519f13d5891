// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/npy_file.h"

#include <fstream>

#include "datasets/readers/data_file.h"
#include "suites/files/safetensors_header.h"

namespace sslbench {

namespace fs = std::filesystem;

NpyFile open_npy(const fs::path& file) {
  const std::string name = file.filename().string();
  std::error_code error;
  const uintmax_t size = fs::is_regular_file(file, error) ? fs::file_size(file, error) : 0;
  if (error || size == 0) throw BadArrays("cannot be read: no such file");
  std::ifstream in(file, std::ios::binary);
  std::string head(kNpyBegin, '\0');
  if (!in.read(head.data(), static_cast<std::streamsize>(head.size()))) throw BadArrays("is no NumPy array");
  const size_t begin = npy_head_size(name, head);
  head.resize(begin);
  in.read(head.data() + kNpyBegin, static_cast<std::streamsize>(begin - kNpyBegin));
  if (!in) throw BadArrays("ends within its head");
  NpyFile out{parse_npy_head(name, head), static_cast<int64_t>(begin)};
  const auto elements = static_cast<uintmax_t>(checked_numel(name, out.head.dtype, out.head.shape));
  const uintmax_t expected = begin + elements * element_size(out.head.dtype);
  if (size != expected) {
    throw BadArrays("has " + std::to_string(size) + " bytes, its head says " + std::to_string(expected));
  }
  return out;
}

StoredArray read_npy(const fs::path& file, int64_t most_bytes) {
  const NpyFile opened = open_npy(file);
  return npy_array(opened.head, read_data_file(file, most_bytes).substr(static_cast<size_t>(opened.begin)));
}

}  // namespace sslbench
