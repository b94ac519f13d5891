// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/text_table.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(TextTableTest, ColumnsAlignAndLinesHaveNoTrailingSpaces) {
  TextTable table({"name", "value"});
  table.add({"a", "1"});
  table.add({"longer", ""});
  EXPECT_EQ(table.plain(), "name    value\na       1\nlonger\n");
}

TEST(TextTableTest, WidthCountsCharactersNotBytes) {
  TextTable table({"a", "b"});
  table.add({"±±", "x"});
  EXPECT_EQ(table.plain(), "a   b\n±±  x\n");
}

TEST(TextTableTest, CellsTakeSeveralLinesWhereTheTerminalIsNarrow) {
  TextTable table({"name", "meaning", "more"});
  table.add({"a_long_name", "several words that go on for a while", "and_a_word_that_nobody_can_break"});
  EXPECT_EQ(table.plain(40),
            "name         meaning       more\n"
            "a_long_name  several       and_a_word_th\n"
            "             words that    at_nobody_can\n"
            "             go on for a   _break\n"
            "             while\n");
  EXPECT_EQ(table.plain(200), table.plain()) << "a wide one changes nothing";
}

TEST(TextTableTest, MarkdownEscapesBars) {
  TextTable table({"a"});
  table.add({"x|y"});
  EXPECT_EQ(table.markdown(), "| a |\n|---|\n| x\\|y |\n");
}

}  // namespace
}  // namespace sslbench
