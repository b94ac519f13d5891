// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/printable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sslbench {
namespace {

using testing::HasSubstr;

TEST(PrintableTest, WhatATerminalObeysIsEscaped) {
  EXPECT_EQ(printable("a\x1b[31mb\x07\x7f"), "a\\u001b[31mb\\u0007\\u007f");
  EXPECT_EQ(printable("one\ntwo\r\t"), "one\\u000atwo\\u000d\\u0009");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m")
      << "the one-byte ESC [";
}

TEST(PrintableTest, WhatHidesIsEscaped) {
  EXPECT_EQ(printable("cat\xE2\x80\xAEgpj.exe"), "cat\\u202egpj.exe");
  EXPECT_EQ(printable("a\xE2\x80\x8B\xE2\x81\xA6z"), "a\\u200b\\u2066z");
  EXPECT_EQ(printable("\xF3\xA0\x81\x81"), "\\udb40\\udc41") << "JSON has no longer escape";
}

TEST(PrintableTest, BytesThatAreNoTextAreShownAsBytes) {
  EXPECT_EQ(printable("caf\xe9"), "caf\\xE9");
  EXPECT_EQ(printable("\xe2\x82"), "\\xE2\\x82");
  EXPECT_EQ(printable("\xc0\x80"), "\\xC0\\x80") << "an overlong NUL";
}

TEST(PrintableTest, OtherTextIsAsItWas) {
  const std::string text = "é → 漢 🙂 a'b \"c\" \\n ± 0.5";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable_lines("one\n\ttwo\r\nthree\n"), "one\n\ttwo\r\nthree\n");
}

TEST(PrintableTest, NoLineIsAnOrderToACi) {
  EXPECT_EQ(printable_lines("a\n::error::b\n  ::set-env name=A::b"),
            "a\n\\u003a:error::b\n  \\u003a:set-env name=A::b");
  EXPECT_EQ(printable_lines("a ##[group]b"), "a ##\\u005bgroup]b");
  EXPECT_EQ(printable_lines("##vso[task.setvariable]"), "##vso\\u005btask.setvariable]");
  EXPECT_EQ(printable_lines("std::vector\n:::MLLOG {}"), "std::vector\n:::MLLOG {}");
  EXPECT_EQ(printable_lines("::error::x", {.within_line = true}), "::error::x");
}

TEST(PrintableTest, BlanksOfAnyKindBeforeAnOrderDoNotHelp) {
  for (const std::string blank : {"\xE3\x80\x80", "\xC2\xA0", "\t ", "\xE2\x80\x83", "\x0B"}) {
    const std::string out = printable_lines(blank + "::error::x");
    EXPECT_THAT(out, testing::EndsWith("\\u003a:error::x")) << blank;
    EXPECT_EQ(printable_lines(out), out) << blank;
  }
}

TEST(PrintableTest, OrdersOfOursPassButHideNothing) {
  EXPECT_EQ(printable_lines("::error::\x1b"
                            "x",
                            {.orders_allowed = true}),
            "::error::\\u001bx");
}

TEST(PrintableTest, QuotationsOfErrorsAreCut) {
  const std::string text = "f.csv:3: unknown name '" + std::string(5000, 'x') + "'; expected 'a' or 'b' (it's one)";
  const std::string cut = with_short_quotes(text);
  EXPECT_EQ(cut, "f.csv:3: unknown name '" + std::string(kLongestQuote, 'x') + "…'; expected 'a' or 'b' (it's one)");
  EXPECT_EQ(with_short_quotes("the set's 'a' and the others' 'b'\n  'c'"), "the set's 'a' and the others' 'b'\n  'c'");
}

TEST(PrintableTest, OnlyIndentedLinesOfAnErrorAreLines) {
  EXPECT_EQ(with_short_quotes("unknown 'a\nnote: all is well'\n  here\n"),
            "unknown 'a\\u000anote: all is well'\n  here");
}

TEST(PrintableTest, QuotesWithoutEndAreLookedForOnce) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += " 'a";  // a search from each would not end
  EXPECT_LT(with_short_quotes(text).size(), 1000u);
}

TEST(PrintableTest, CutsBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ü";
  const std::string cut = with_short_quotes("x" + umlauts + " '" + umlauts + "'");
  EXPECT_EQ(printable(cut), cut);
  EXPECT_THAT(cut, HasSubstr("…'"));
}

TEST(PrintableTest, AnEndlessLineKeepsItsEnds) {
  const std::string cut = with_short_quotes("begin " + std::string(100'000, 'x') + " end\n  next");
  EXPECT_LT(cut.size(), 1000u);
  EXPECT_TRUE(cut.starts_with("begin x") && cut.ends_with("x end\n  next")) << cut;
}

TEST(PrintableTest, ValuesAreCutToo) {
  EXPECT_EQ(short_value({{"a", 1}}), "{\"a\":1}");
  EXPECT_EQ(short_value(std::string(1000, 'x')), "\"" + std::string(kLongestQuote - 1, 'x') + "…");
  EXPECT_EQ(short_value("\xff"), "\"\xEF\xBF\xBD\"") << "no exception for bytes that are no text";
}

}  // namespace
}  // namespace sslbench
