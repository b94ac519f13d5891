// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/numpy_value.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {
namespace {

TEST(NumpyValueTest, NumbersOfEveryKindAreRead) {
  EXPECT_EQ(std::get<double>(numpy_value("<f2", raw_bytes<uint16_t>({0x3E00}))), 1.5);
  EXPECT_EQ(std::get<double>(numpy_value("f2", raw_bytes<uint16_t>({0x8001}))), -std::ldexp(1, -24));
  EXPECT_EQ(std::get<double>(numpy_value("f2", raw_bytes<uint16_t>({0xFC00}))), -HUGE_VAL);
  EXPECT_EQ(std::get<int64_t>(numpy_value("<i2", raw_bytes<int16_t>({-3}))), -3);
  EXPECT_EQ(std::get<bool>(numpy_value("|b1", raw_bytes<uint8_t>({1}))), true);
  EXPECT_EQ(numpy_value(">f8", raw_bytes<double>({1})).index(), 0u);
  EXPECT_EQ(numpy_value("f4", raw_bytes<double>({1})).index(), 0u);
}

}  // namespace
}  // namespace sslbench
