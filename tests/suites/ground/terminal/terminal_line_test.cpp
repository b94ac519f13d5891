// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/terminal/terminal_line.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(TerminalLineTest, ACharacterOfSeveralBytesIsOneColumn) {
  EXPECT_EQ(columns_of("a→é"), 3u);
  EXPECT_EQ(padded("a→é", 5), "a→é  ");
  EXPECT_EQ(padded("a→éxyz", 4), "a→é…");
  EXPECT_EQ(padded("abc", 3), "abc");
  EXPECT_EQ(padded("abc", 0), "");
}

TEST(TerminalLineTest, FoldsAtSpacesAndIndentsEveryLine) {
  EXPECT_EQ(folded("one two three", 9, 2), "  one two\n  three\n");
  EXPECT_EQ(folded("averyverylongword x", 8, 0), "averyverylongword\nx\n");
  EXPECT_EQ(folded("", 8, 2), "");
}

}  // namespace
}  // namespace sslbench
