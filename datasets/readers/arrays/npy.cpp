// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/npy.h"

#include <charconv>
#include <cstring>

#include "suites/files/safetensors_header.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMostSides = 8;

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw BadArrays("array '" + printable(name) + "' " + why);
}

size_t length_bytes(std::string_view begin) { return begin.size() > 6 && begin[6] == 1 ? 2 : 4; }

// What follows "'key':" in the dictionary, blanks left out.
std::string_view value_of(const std::string& name, std::string_view dictionary, const std::string& key) {
  const size_t at = dictionary.find("'" + key + "':");
  if (at == std::string_view::npos) refuse(name, "has no '" + key + "' in its head");
  std::string_view rest = dictionary.substr(at + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::string dtype_of(const std::string& name, std::string_view value) {
  if (value.empty() || (value[0] != '\'' && value[0] != '"')) {
    refuse(name, "has several fields in each element; save each field as an array of its own");
  }
  const std::string_view descr = value.substr(1, std::min(value.find(value[0], 1), value.size()) - 1);
  if (descr.ends_with('O')) refuse(name, "holds Python objects, which only running code could read; save numbers");
  if (descr.starts_with('>')) refuse(name, "has the byte order of another machine; save it as little-endian numbers");
  static constexpr std::pair<std::string_view, const char*> kKinds[] = {{"f8", "F64"}, {"f4", "F32"}, {"f2", "F16"},
                                                                        {"i8", "I64"}, {"i4", "I32"}, {"i2", "I16"},
                                                                        {"i1", "I8"},  {"u1", "U8"},  {"b1", "BOOL"}};
  for (const auto& [kind, dtype] : kKinds) {
    if (descr.size() == 3 && descr.substr(1) == kind) return dtype;
  }
  refuse(name, "holds elements of type " + printable(descr) +
                   "; floats of 2, 4 and 8 bytes, signed integers, uint8 and bool are read");
}

std::vector<int64_t> shape_of(const std::string& name, std::string_view value) {
  const size_t end = value.find(')');
  if (!value.starts_with('(') || end == std::string_view::npos) refuse(name, "has no shape that can be read");
  std::vector<int64_t> out;
  const char* at = value.data() + 1;
  const char* const last = value.data() + end;
  while (at < last) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    int64_t side = 0;
    const auto [next, error] = std::from_chars(at, last, side);
    if (error != std::errc() || side < 0 || out.size() == kMostSides) refuse(name, "has no shape that can be read");
    out.push_back(side);
    at = next;
  }
  return out;
}

}  // namespace

size_t npy_head_size(const std::string& name, std::string_view begin) {
  if (begin.size() < kNpyBegin || !begin.starts_with(kMagic)) refuse(name, "is no NumPy array");
  if (begin[6] < 1 || begin[6] > 3) refuse(name, "is of a version of the format that is not known");
  size_t length = 0;
  for (size_t i = length_bytes(begin); i > 0; --i) length = length << 8 | static_cast<unsigned char>(begin[7 + i]);
  const size_t out = 8 + length_bytes(begin) + length;
  if (out > kMostNpyHead || out < kNpyBegin) refuse(name, "has a head of " + std::to_string(out) + " bytes");
  return out;
}

NpyHead parse_npy_head(const std::string& name, std::string_view head) {
  const std::string_view dictionary = head.substr(8 + length_bytes(head));
  NpyHead out{dtype_of(name, value_of(name, dictionary, "descr")), shape_of(name, value_of(name, dictionary, "shape")),
              value_of(name, dictionary, "fortran_order").starts_with("True")};
  checked_numel(name, out.dtype, out.shape);
  return out;
}

StoredArray npy_array(const NpyHead& head, std::string bytes) {
  StoredArray out{head.dtype, head.shape, std::move(bytes)};
  const size_t sides = head.shape.size(), width = element_size(head.dtype);
  if (!head.fortran_order || sides < 2 || out.numel() == 0) return out;
  std::vector<size_t> stride(sides, width), index(sides, 0);  // bytes from one element to the next along each side
  for (size_t i = 1; i < sides; ++i) stride[i] = stride[i - 1] * static_cast<size_t>(head.shape[i - 1]);
  const std::string fortran = std::move(out.bytes);
  out.bytes.resize(fortran.size());
  size_t from = 0;
  for (size_t to = 0; to < fortran.size(); to += width) {
    std::memcpy(&out.bytes[to], &fortran[from], width);
    for (size_t i = sides; i-- > 0;) {
      from += stride[i];
      if (++index[i] < static_cast<size_t>(head.shape[i])) break;
      from -= stride[i] * static_cast<size_t>(head.shape[i]);
      index[i] = 0;
    }
  }
  return out;
}

}  // namespace sslbench
