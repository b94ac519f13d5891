// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/numpy_value.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "suites/files/half_float.h"

namespace sslbench {
namespace {

using Value = std::variant<std::monostate, bool, int64_t, double>;

template <class Stored, class Shown>
Value read_as(std::string_view bytes) {
  Stored out;
  if (bytes.size() != sizeof out) return {};
  std::memcpy(&out, bytes.data(), sizeof out);
  return static_cast<Shown>(out);
}

Value half(std::string_view bytes) {
  uint16_t bits = 0;
  if (bytes.size() != sizeof bits) return {};
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return half_value(bits);
}

}  // namespace

bool is_numpy_dtype(std::string_view dtype) {
  return !dtype.empty() && dtype.size() <= 16 && std::ranges::all_of(dtype, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '<' || c == '>' || c == '|' || c == '=';
  });
}

Value numpy_value(std::string_view dtype, std::string_view bytes) {
  if (dtype.starts_with('<') || dtype.starts_with('|') || dtype.starts_with('=')) dtype.remove_prefix(1);
  if (dtype == "f2") return half(bytes);
  if (dtype == "f4") return read_as<float, double>(bytes);
  if (dtype == "f8") return read_as<double, double>(bytes);
  if (dtype == "i1") return read_as<int8_t, int64_t>(bytes);
  if (dtype == "i2") return read_as<int16_t, int64_t>(bytes);
  if (dtype == "i4") return read_as<int32_t, int64_t>(bytes);
  if (dtype == "i8") return read_as<int64_t, int64_t>(bytes);
  if (dtype == "u1") return read_as<uint8_t, int64_t>(bytes);
  if (dtype == "u2") return read_as<uint16_t, int64_t>(bytes);
  if (dtype == "u4") return read_as<uint32_t, int64_t>(bytes);
  if (dtype == "u8") return read_as<uint64_t, int64_t>(bytes);
  if (dtype == "b1" && bytes.size() == 1) return bytes[0] != 0;
  return {};
}

}  // namespace sslbench
