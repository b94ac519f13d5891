// SPDX-License-Identifier: Apache-2.0
// Protocol buffers' wire format, for the formats that are made of it (protobuf.dev, "Encoding").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sslbench {

// A message that grows field by field, in the order of the calls.
class ProtobufMessage {
 public:
  ProtobufMessage& add_integer(uint32_t field, int64_t value);
  ProtobufMessage& add_double(uint32_t field, double value);
  ProtobufMessage& add_float(uint32_t field, float value);
  ProtobufMessage& add_text(uint32_t field, std::string_view value);
  ProtobufMessage& add_message(uint32_t field, const ProtobufMessage& value) { return add_text(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void add_varint(uint64_t number);

  std::string bytes_;
};

// The fields of a message in their order; a damaged rest ends them.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view bytes) : rest_(bytes) {}

  // Goes on to the next field; false at the end.
  bool next();
  uint32_t field() const { return field_; }
  uint64_t number() const { return number_; }            // of a varint, or the bits of a fixed one
  std::string_view content() const { return content_; }  // of a text or a message

 private:
  bool read_varint(uint64_t& number);
  bool read_fixed(size_t bytes);

  std::string_view rest_, content_;
  uint32_t field_ = 0;
  uint64_t number_ = 0;
};

}  // namespace sslbench
