// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/stored_array.h"

#include <algorithm>
#include <fstream>

#include "suites/files/bounded_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr size_t kMostNamed = 12;

std::string first_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string out(8, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<size_t>(in.gcount()));
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size() && i < kMostNamed; ++i) out += (i > 0 ? ", " : "") + printable(names[i]);
  if (names.size() > kMostNamed) out += " and " + std::to_string(names.size() - kMostNamed) + " more";
  return out.empty() ? "nothing" : out;
}

}  // namespace

int64_t StoredArray::numel() const {
  int64_t out = 1;
  for (const int64_t side : shape) out *= side;
  return out;
}

int64_t checked_numel(const std::string& name, const std::string& dtype, const std::vector<int64_t>& shape) {
  const uint64_t width = element_size(dtype);
  if (width == 0) throw BadArrays("'" + name + "' holds numbers of an unknown kind, " + dtype);
  uint64_t left = kMostArrayBytes / width, numel = 1;
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  for (const int64_t side : shape) {
    if (side < 0) throw BadArrays("'" + name + "' has a negative side");
    if (empty) continue;
    if (static_cast<uint64_t>(side) > left) throw BadArrays("'" + name + "' is too large to be read");
    left /= static_cast<uint64_t>(side), numel *= static_cast<uint64_t>(side);
  }
  return empty ? 0 : static_cast<int64_t>(numel);
}

StoredArrays read_safetensors_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                                     std::vector<std::string>& seen) {
  StoredArrays out;
  const std::string bytes = read_regular_file(file, kMostArrayBytes);
  try {
    for (const StoredTensor& tensor : parse_safetensors(bytes).tensors) {
      seen.push_back(tensor.name);
      if (std::ranges::find(wanted, tensor.name) == wanted.end()) continue;
      out[tensor.name] = {tensor.dtype, tensor.shape, std::string(tensor.bytes)};
    }
  } catch (const BadSafetensors& bad) {
    throw BadArrays(bad.what());
  }
  return out;
}

StoredArrays read_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted) {
  const std::string begin = first_bytes(file);
  if (begin.starts_with("\x93NUMPY")) {
    throw BadArrays("is a single NumPy array (.npy); several are needed: write them with numpy.savez");
  }
  std::vector<std::string> seen;
  StoredArrays out = begin.starts_with("PK")        ? read_npz(file, wanted, seen)
                     : begin.starts_with("\x89HDF") ? read_hdf5_arrays(file, wanted, seen)
                                                    : read_safetensors_arrays(file, wanted, seen);
  if (!out.empty()) return out;
  throw BadArrays("holds " + listed(seen) + "; what is read are arrays called " + listed(wanted));
}

}  // namespace sslbench
