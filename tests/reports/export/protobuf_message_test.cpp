// SPDX-License-Identifier: Apache-2.0
#include "reports/export/protobuf_message.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace sslbench {
namespace {

// The two examples of protobuf.dev, "Encoding".
TEST(ProtobufMessageTest, FieldsAreAsTheSpecificationShowsThem) {
  EXPECT_EQ(ProtobufMessage().add_integer(1, 150).bytes(), "\x08\x96\x01");
  EXPECT_EQ(ProtobufMessage().add_text(2, "testing").bytes(), "\x12\x07testing");
  EXPECT_EQ(ProtobufMessage().add_message(3, ProtobufMessage().add_integer(1, 150)).bytes(), "\x1a\x03\x08\x96\x01");
  EXPECT_EQ(ProtobufMessage().add_float(2, 1).bytes(), std::string("\x15\0\0\x80\x3f", 5));
  EXPECT_EQ(ProtobufMessage().add_double(1, 1).bytes(), std::string("\x09\0\0\0\0\0\0\xf0\x3f", 9));
}

TEST(ProtobufMessageTest, AFieldNumberBeyondFifteenTakesTwoBytes) {
  EXPECT_EQ(ProtobufMessage().add_text(16, "a").bytes(), std::string("\x82\x01\x01") + "a");
}

TEST(ProtobufMessageTest, WhatIsWrittenIsRead) {
  const std::string bytes = ProtobufMessage()
                                .add_integer(1, -1)
                                .add_integer(2, std::numeric_limits<int64_t>::max())
                                .add_double(3, 0.25)
                                .add_float(4, 0.5f)
                                .add_text(17, "text")
                                .bytes();
  ProtobufFields fields(bytes);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(static_cast<int64_t>(fields.number()), -1);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.number(), static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(std::bit_cast<double>(fields.number()), 0.25);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(std::bit_cast<float>(static_cast<uint32_t>(fields.number())), 0.5f);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.field(), 17u);
  EXPECT_EQ(fields.content(), "text");
  EXPECT_FALSE(fields.next());
}

TEST(ProtobufFieldsTest, ACutMessageEndsEarly) {
  const std::string whole = ProtobufMessage().add_integer(1, 300).add_text(2, "text").add_float(3, 1).bytes();
  for (size_t length = 0; length < whole.size(); ++length) {
    int read = 0;
    for (ProtobufFields fields(std::string_view(whole).substr(0, length)); fields.next();) ++read;
    EXPECT_EQ(read, length < 3 ? 0 : length < 9 ? 1 : 2) << length;
  }
}

}  // namespace
}  // namespace sslbench
