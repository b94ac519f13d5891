// SPDX-License-Identifier: Apache-2.0
// Arrays of numbers by name, as people keep features and small data sets: NumPy's .npz, safetensors, HDF5. Read as
// untrusted: sizes are checked before anything is allocated, and nothing in a file runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

// Elements in C order and this machine's byte order.
struct StoredArray {
  std::string dtype;  // as safetensors names it: "F32", "I64", "U8", ...
  std::vector<int64_t> shape;
  std::string bytes;

  int64_t numel() const;
};

using StoredArrays = std::map<std::string, StoredArray>;

// What is wrong with a file of arrays; without the file's name.
class BadArrays : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The arrays of `file` that are called one of `wanted`, those that there are; the format is told by its first bytes.
// BadArrays, which lists the names of the file where none of them is wanted.
StoredArrays read_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted);

// Elements of a shape. BadArrays when one side is negative or they take more than kMostArrayBytes.
inline constexpr uint64_t kMostArrayBytes = uint64_t{64} << 30;
int64_t checked_numel(const std::string& name, const std::string& dtype, const std::vector<int64_t>& shape);

// What read_arrays() tries, by format. They return the names that they saw in `seen`.
StoredArrays read_npz(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                      std::vector<std::string>& seen);
StoredArrays read_safetensors_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                                     std::vector<std::string>& seen);
StoredArrays read_hdf5_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                              std::vector<std::string>& seen);

}  // namespace sslbench
