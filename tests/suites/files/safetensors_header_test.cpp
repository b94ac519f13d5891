// SPDX-License-Identifier: Apache-2.0
#include "suites/files/safetensors_header.h"

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

// Fault matrix: 56
TEST(SafetensorsHeaderTest, WhatIsNoSuchFileIsRefused) {
  const auto one = [](const std::string& entry) { return safetensors_file("{\"x\":" + entry + "}", "abcdefgh"); };
  EXPECT_THAT(refusal("abc"), HasSubstr("shorter than its header"));
  EXPECT_THAT(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + "{}"), HasSubstr("header length"));
  EXPECT_THAT(refusal(safetensors_file("{", "")), HasSubstr("parse error"));
  EXPECT_THAT(refusal(safetensors_file("[1]", "")), HasSubstr("no JSON object"));
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

// Fault matrix: 55
TEST(SafetensorsHeaderTest, FilesOfOtherKindsAreNamedWithAWayOut) {
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
              HasSubstr("it is a Git LFS pointer, not the file itself; run `git lfs pull`"));
  const std::string zip = std::string("PK\x03\x04\0\0\x08\x08", 8) + std::string(22, '\0');
  EXPECT_THAT(refusal(zip + "archive/data.pklFB"), HasSubstr("it is a file of torch.save, which holds code and is not "
                                                             "read; convert it in Python with safetensors.torch"));
  EXPECT_THAT(refusal(zip + "a/b.npy"), HasSubstr("it is a ZIP archive; unpack it"));
  EXPECT_THAT(refusal("\x80\x02\x8a\nl\xfc\x9c\x46\xf9"), HasSubstr("it is a pickle of Python"));
  EXPECT_THAT(refusal("\n<!DOCTYPE HTML><p>log in</p>"), HasSubstr("it is a web page (HTML)"));
  EXPECT_THAT(refusal("\x1f\x8b\x08 a gzip file"), HasSubstr("it is compressed with gzip; unpack it"));
  EXPECT_THAT(refusal("\x89HDF\r\n\x1a\n and more"), HasSubstr("it is an HDF5 file"));
}

TEST(SafetensorsHeaderTest, AHeaderWhoseLengthBeginsAsAPickleIsRead) {
  std::string header = R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  header.resize(0x280, ' ');
  EXPECT_EQ(parse_safetensors(safetensors_file(header, "a")).tensors.size(), 1u);
}

}  // namespace
}  // namespace sslbench
