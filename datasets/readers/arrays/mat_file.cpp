// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/mat_file.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <system_error>

#include "suites/files/bounded_file.h"
#include "suites/files/safetensors_header.h"

namespace sslbench {
namespace {

constexpr size_t kHead = 128, kTag = 8;
constexpr size_t kMostBytes = size_t{8} << 30, kPiece = size_t{1} << 20;
enum : uint32_t { kMatrix = 14, kCompressed = 15 };
constexpr uint32_t kComplexFlag = 0x0800, kLowestClass = 6, kHighestClass = 15;  // mxDOUBLE .. mxUINT64

template <class Number>
Number number_at(std::string_view bytes, size_t at) {
  Number out;
  if (at + sizeof out > bytes.size()) throw BadArrays("is cut off");
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

struct Element {
  uint32_t type = 0;
  std::string_view data;
  size_t whole = 0;  // bytes to the next one
};

Element element_at(std::string_view bytes, size_t at) {
  const auto first = number_at<uint32_t>(bytes, at);
  Element out{first & 0xffff};
  size_t size = first >> 16, begin = at + 4;
  if (size > 4) throw BadArrays("has an element of a small form that is too long");
  out.whole = kTag;
  if (size == 0) {
    out.type = first;
    size = number_at<uint32_t>(bytes, at + 4), begin = at + kTag;
    out.whole = kTag + (out.type == kCompressed ? size : (size + 7) / 8 * 8);
  }
  if (begin > bytes.size() || size > bytes.size() - begin) throw BadArrays("is cut off");
  out.data = bytes.substr(begin, size);
  return out;
}

// What a zlib stream unpacks to, at most kMostBytes, allocated as it comes.
std::string unpacked(std::string_view packed) {
  if (packed.size() > std::numeric_limits<uInt>::max()) throw BadArrays("holds a compressed array of over 4 GiB");
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  std::string out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int result = Z_OK;
  while (result == Z_OK && out.size() < kMostBytes) {
    const size_t before = out.size();
    out.resize(before + kPiece);
    stream.next_out = reinterpret_cast<Bytef*>(&out[before]);
    stream.avail_out = kPiece;
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + kPiece - stream.avail_out);
    if (result == Z_OK && stream.avail_out == kPiece) break;  // no more comes
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END) throw BadArrays("holds a compressed array that is damaged");
  return out;
}

std::string dtype_of(const std::string& name, uint32_t type) {
  static constexpr std::pair<uint32_t, const char*> kTypes[] = {{1, "I8"},  {2, "U8"},  {3, "I16"}, {5, "I32"},
                                                                {7, "F32"}, {9, "F64"}, {12, "I64"}};
  for (const auto& [code, dtype] : kTypes) {
    if (type == code) return dtype;
  }
  throw BadArrays("'" + name + "' holds numbers of a kind that is not read (type " + std::to_string(type) + ")");
}

void take_matrix(std::string_view matrix, const std::vector<std::string>& wanted, StoredArrays& out,
                 std::vector<std::string>& seen) {
  const Element flags = element_at(matrix, 0);
  const Element sides = element_at(matrix, flags.whole);
  const Element named = element_at(matrix, flags.whole + sides.whole);
  const std::string name(named.data);
  seen.push_back(name);
  if (std::ranges::find(wanted, name) == wanted.end()) return;
  const auto flag = number_at<uint32_t>(flags.data, 0);
  if ((flag & 0xff) < kLowestClass || (flag & 0xff) > kHighestClass || (flag & kComplexFlag) != 0) {
    throw BadArrays("'" + name + "' is no matrix of real numbers");
  }
  const Element numbers = element_at(matrix, flags.whole + sides.whole + named.whole);
  StoredArray array{dtype_of(name, numbers.type), {}, std::string(numbers.data)};
  for (size_t at = 0; at + 4 <= sides.data.size(); at += 4) {
    array.shape.insert(array.shape.begin(), number_at<int32_t>(sides.data, at));
  }
  if (static_cast<size_t>(checked_numel(name, array.dtype, array.shape)) * element_size(array.dtype) !=
      array.bytes.size()) {
    throw BadArrays("'" + name + "' has another number of elements than its shape");
  }
  out[name] = std::move(array);
}

template <class Number>
double element(const StoredArray& array, int64_t i) {
  Number out;
  std::memcpy(&out, &array.bytes[static_cast<size_t>(i) * sizeof out], sizeof out);
  return static_cast<double>(out);
}

}  // namespace

StoredArrays read_mat_file(const std::filesystem::path& file, const std::vector<std::string>& wanted) {
  std::string bytes;
  try {
    bytes = read_regular_file(file, kMostBytes);
  } catch (const std::system_error& error) {
    throw BadArrays("cannot be read: " + error.code().message());
  }
  if (bytes.starts_with("\x89HDF") || bytes.substr(0, kHead).find("MATLAB 7.3") != std::string::npos) {
    throw BadArrays("is a MATLAB 7.3 file; save it with -v7");
  }
  if (bytes.size() < kHead || bytes.compare(126, 2, "IM") != 0) {
    throw BadArrays("is no MATLAB file of version 5 to 7 with little-endian numbers");
  }
  StoredArrays out;
  std::vector<std::string> seen;
  for (size_t at = kHead; at + kTag <= bytes.size();) {
    const Element each = element_at(bytes, at);
    if (each.type == kMatrix) take_matrix(each.data, wanted, out, seen);
    if (each.type == kCompressed) {
      const std::string inner = unpacked(each.data);
      const Element matrix = element_at(inner, 0);
      if (matrix.type == kMatrix) take_matrix(matrix.data, wanted, out, seen);
    }
    at += each.whole;
  }
  if (!out.empty()) return out;
  std::string names;
  for (const std::string& name : seen) names += (names.empty() ? "" : ", ") + name;
  throw BadArrays("holds " + (names.empty() ? "nothing" : names) + " and none of what is read of it");
}

std::vector<int32_t> integers_of(const std::string& name, const StoredArray& array) {
  std::vector<int32_t> out;
  for (int64_t i = 0; i < array.numel(); ++i) {
    const double value = array.dtype == "F64"   ? element<double>(array, i)
                         : array.dtype == "F32" ? element<float>(array, i)
                         : array.dtype == "I64" ? element<int64_t>(array, i)
                         : array.dtype == "I32" ? element<int32_t>(array, i)
                         : array.dtype == "I16" ? element<int16_t>(array, i)
                         : array.dtype == "I8"  ? element<int8_t>(array, i)
                         : array.dtype == "U8"  ? element<uint8_t>(array, i)
                                                : std::nan("");
    if (!(std::abs(value) <= std::numeric_limits<int32_t>::max()) || value != std::floor(value)) {
      throw BadArrays("'" + name + "': element " + std::to_string(i) + " is no integer");
    }
    out.push_back(static_cast<int32_t>(value));
  }
  return out;
}

}  // namespace sslbench
