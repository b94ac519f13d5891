// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/pickle_reader.h"

#include <gmock/gmock.h>

#include "suites/files/torch_file/bad_torch_file.h"
#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string refusal_of(const std::string& body) {
  try {
    read_pickle(pickled(body));
  } catch (const BadTorchFile& bad) {
    return bad.what();
  }
  return "read";
}

TEST(PickleReaderTest, CutAnywhereItIsRefused) {
  const std::string whole = pickled(p_dict({{"w", p_tensor({"0", 4, {2, 2}, {2, 1}})}}));
  EXPECT_EQ(read_pickle(whole).tensors.size(), 1u);
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(read_pickle(whole.substr(0, length)), BadTorchFile) << length;
  }
}

TEST(PickleReaderTest, NumbersOfEveryLengthAreRead) {
  const auto integer = [](const std::string& body) {
    const PickleNodes read = read_pickle(pickled(body));
    return *read.integer(read.root);
  };
  EXPECT_EQ(integer("K\xFF"), 255);
  EXPECT_EQ(integer("J\xFF\xFF\xFF\xFF"), -1);
  EXPECT_EQ(integer("\x8A" + std::string(1, '\0')), 0);
  EXPECT_EQ(integer("\x8A\x01\x80"), -128);
  EXPECT_EQ(integer(p_int(INT64_MIN)), INT64_MIN);
  const PickleNodes large = read_pickle(pickled("\x8A\x09" + std::string(8, '\0') + "\x01"));
  EXPECT_EQ(std::get<double>(large.at(large.root).value), 0x1p64);
}

TEST(PickleReaderTest, DamageIsNamed) {
  EXPECT_THAT(refusal_of("\x82\x01"), HasSubstr("opcode 0x82 at byte 2"));
  EXPECT_THAT(refusal_of("h\x07"), HasSubstr("never kept"));
  EXPECT_THAT(refusal_of("Na"), HasSubstr("damaged"));
  EXPECT_THAT(refusal_of("(Nd"), HasSubstr("key without a value"));
  EXPECT_THAT(refusal_of("X\x01" + std::string(3, '\0') + "\xFF"), HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace sslbench
