// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file, read as untrusted: u64 length, JSON, tensors one after the other without holes.
// What the tensors mean is left to the reader.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

struct StoredTensor {
  std::string name, dtype;  // "F32", "I64", ...
  std::vector<int64_t> shape;
  std::string_view bytes;  // exactly what dtype and shape need

  int64_t numel() const;
};

struct StoredTensors {
  std::map<std::string, std::string> metadata;
  std::vector<StoredTensor> tensors;  // in the order of the header
  std::string_view data;              // all tensors

  // Null when there is none of that name.
  const StoredTensor* find(std::string_view name) const;
};

// What is wrong with a file that is none; without the file's name.
class BadSafetensors : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads the header of `file`, the whole file's bytes, into which the result points. BadSafetensors when the header is
// over 100 MB or no JSON, a name comes twice, a dtype is unknown, a shape does not fit its bytes, tensors overlap or
// leave holes, or a "sha256" of the metadata (over all tensors) differs.
StoredTensors parse_safetensors(std::string_view file);

// The file of a header (without its length; padded with spaces to whole 8 bytes) and the tensors' bytes.
std::string safetensors_file(std::string header, std::string_view data);

// Bytes of one element; 0 for a dtype that is not known.
size_t element_size(std::string_view dtype);

}  // namespace sslbench
