// SPDX-License-Identifier: Apache-2.0
#include "reports/export/protobuf_message.h"

#include <cstring>

#include "reports/export/number_bytes.h"

namespace sslbench {
namespace {

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

constexpr uint64_t key(uint32_t field, WireType type) { return (uint64_t{field} << 3) | type; }

}  // namespace

void ProtobufMessage::add_varint(uint64_t number) {
  for (; number > 0x7f; number >>= 7) bytes_ += static_cast<char>((number & 0x7f) | 0x80);
  bytes_ += static_cast<char>(number);
}

ProtobufMessage& ProtobufMessage::add_integer(uint32_t field, int64_t value) {
  add_varint(key(field, kVarint));
  add_varint(static_cast<uint64_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::add_double(uint32_t field, double value) {
  add_varint(key(field, kFixed64));
  append_number(bytes_, value);
  return *this;
}

ProtobufMessage& ProtobufMessage::add_float(uint32_t field, float value) {
  add_varint(key(field, kFixed32));
  append_number(bytes_, value);
  return *this;
}

ProtobufMessage& ProtobufMessage::add_text(uint32_t field, std::string_view value) {
  add_varint(key(field, kLengthDelimited));
  add_varint(value.size());
  bytes_ += value;
  return *this;
}

bool ProtobufFields::read_varint(uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool ProtobufFields::read_fixed(size_t bytes) {
  if (rest_.size() < bytes) return false;
  number_ = 0;
  std::memcpy(&number_, rest_.data(), bytes);
  rest_.remove_prefix(bytes);
  return true;
}

bool ProtobufFields::next() {
  uint64_t read = 0, length = 0;
  content_ = {};
  number_ = 0;
  if (!read_varint(read)) return false;
  field_ = static_cast<uint32_t>(read >> 3);
  switch (read & 7) {
    case kVarint: return read_varint(number_);
    case kFixed64: return read_fixed(sizeof(uint64_t));
    case kFixed32: return read_fixed(sizeof(uint32_t));
    case kLengthDelimited:
      if (!read_varint(length) || length > rest_.size()) return false;
      content_ = rest_.substr(0, length);
      rest_.remove_prefix(length);
      return true;
    default: return false;
  }
}

}  // namespace sslbench
