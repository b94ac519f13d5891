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
  EXPECT_EQ(table.plain(62),
            "name         meaning          more\n"
            "a_long_name  several words    and_a_word_that_nobody_can_break\n"
            "             that go on for\n"
            "             a while\n");
  EXPECT_EQ(table.plain(200), table.plain()) << "a wide one changes nothing";
}

TEST(TextTableTest, AWordIsCutOnlyWhereNoOtherColumnCanGiveWay) {
  TextTable table({"name", "meaning", "digest"});
  for (int i = 0; i < 3; ++i) table.add({"x", "some words that may be broken anywhere", "0123456789ab"});
  EXPECT_EQ(table.plain(40).find("0123456789a\n"), std::string::npos) << table.plain(40);
  TextTable narrow({"name", "word"});
  narrow.add({"x", "0123456789abcdefghij"});
  EXPECT_EQ(narrow.plain(16), "name  word\nx     0123456789\n      abcdefghij\n");
}

TEST(TextTableTest, TheColumnGivesWayThatAddsTheFewestLines) {
  TextTable table({"option", "values", "meaning"});
  table.add({"rate", "real in [0, 1000]", "one two three four five six seven eight nine ten eleven twelve"});
  table.add({"kind", "flag", "short"});
  EXPECT_EQ(table.plain(50),
            "option  values      meaning\n"
            "rate    real in     one two three four five six\n"
            "        [0, 1000]   seven eight nine ten eleven\n"
            "                    twelve\n"
            "kind    flag        short\n")
      << table.plain(50);
}

TEST(TextTableTest, SentencesThatWouldBeNarrowStandBelowTheirRows) {
  TextTable table({"metric", "unit", "better", "meaning"});
  table.add({"top1", "1", "higher", "one two three four five six seven eight nine ten"});
  table.add({"wide_name", "1", "none", ""});
  EXPECT_EQ(table.with_sentences(40),
            "metric     unit  better\n"
            "top1       1     higher\n"
            "    one two three four five six seven\n"
            "    eight nine ten\n"
            "wide_name  1     none\n")
      << table.with_sentences(40);
  EXPECT_EQ(table.with_sentences(60), table.plain(60)) << "wide enough";
  TextTable words({"a", "b"});
  words.add({"x", "y"});
  EXPECT_EQ(words.with_sentences(40), words.plain(40)) << "nothing is narrowed";
}

TEST(TextTableTest, MarkdownEscapesBars) {
  TextTable table({"a"});
  table.add({"x|y"});
  EXPECT_EQ(table.markdown(), "| a |\n|---|\n| x\\|y |\n");
}

}  // namespace
}  // namespace sslbench
