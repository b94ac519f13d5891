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

TEST(TextTableTest, MarkdownEscapesBars) {
  TextTable table({"a"});
  table.add({"x|y"});
  EXPECT_EQ(table.markdown(), "| a |\n|---|\n| x\\|y |\n");
}

}  // namespace
}  // namespace sslbench
