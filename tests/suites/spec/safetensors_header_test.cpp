// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/safetensors_header.h"

#include <gmock/gmock.h>

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& file) {
  try {
    (void)parse_safetensors(file);
  } catch (const BadSafetensors& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SafetensorsHeaderTest, TensorsPointIntoTheFile) {
  const std::string file = safetensors_file(
      R"({"__metadata__":{"a":"b"},"y":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"e":{"dtype":"I64","shape":[0,3],"data_offsets":[10,10]}})",
      "abcdefghij");
  const StoredTensors read = parse_safetensors(file);
  EXPECT_EQ(read.metadata.at("a"), "b");
  ASSERT_NE(read.find("x"), nullptr);
  EXPECT_EQ(read.find("x")->bytes, "abcdefgh");
  EXPECT_EQ(read.find("x")->numel(), 2);
  EXPECT_EQ(read.find("y")->bytes, "ij");
  EXPECT_EQ(read.find("e")->bytes, "");
  EXPECT_EQ(read.tensors[0].name, "y") << "the order of the header";
  EXPECT_EQ(read.find("z"), nullptr);
}

TEST(SafetensorsHeaderTest, WhatIsNoSuchFileIsRefused) {
  const auto one = [](const std::string& entry) { return safetensors_file("{\"x\":" + entry + "}", "abcdefgh"); };
  EXPECT_THAT(refusal("abc"), HasSubstr("shorter than its header"));
  EXPECT_THAT(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + "{}"), HasSubstr("header length"));
  EXPECT_THAT(refusal(safetensors_file("{", "")), HasSubstr("parse error"));
  EXPECT_THAT(refusal(safetensors_file("[1]", "")), HasSubstr("error"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F99","shape":[2],"data_offsets":[0,8]})")), HasSubstr("unknown dtype F99"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})")), HasSubstr("'x'"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]})")),
              HasSubstr("too large"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,8]})")), HasSubstr("too large"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})")), HasSubstr("holes"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})")), HasSubstr("beyond"));
  EXPECT_THAT(refusal(one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})")), HasSubstr("overlap"));
  EXPECT_THAT(refusal(safetensors_file(R"({"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":{}})", "")),
              HasSubstr("twice"));
  EXPECT_THAT(refusal(safetensors_file(R"({"__metadata__":{"sha256":"00"}})", "")), HasSubstr("checksum differs"));
}

}  // namespace
}  // namespace sslbench
