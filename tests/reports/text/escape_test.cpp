// SPDX-License-Identifier: Apache-2.0
#include "reports/text/escape.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

// Fault matrix: 58
TEST(EscapeTest, MarkdownMarkupBecomesText) {
  EXPECT_EQ(escape_markdown("x|<script>[a](javascript:1)"), "x\\|&lt;script&gt;\\[a\\]\\(javascript:1)");
  EXPECT_EQ(escape_markdown("**b** `c` #1 ~~s~~ &amp;"), "\\*\\*b\\*\\* \\`c\\` \\#1 \\~\\~s\\~\\~ &amp;amp;");
  EXPECT_EQ(escape_markdown("back\\slash"), "back\\\\slash");
}

TEST(EscapeTest, UnderscoresInsideWordsStay) {
  EXPECT_EQ(escape_markdown("linear_probe.top1"), "linear_probe.top1");
  EXPECT_EQ(escape_markdown("_x_"), "\\_x\\_");
}

// Fault matrix: 58
TEST(EscapeTest, LineEndsBecomeSpacesAndCommandsAreBroken) {
  EXPECT_EQ(escape_markdown("a\n::error::b"), "a :\\:error:\\:b");
  EXPECT_EQ(escape_xml("a\r\nb"), "a  b");
}

// Fault matrix: 58
TEST(EscapeTest, InvisibleAndInvalidCharactersAreDropped) {
  EXPECT_EQ(visible_text("a\x1b[31m\xE2\x80\xAEtxt\xE2\x80\x8B\x7f"), "a[31mtxt");
  EXPECT_EQ(visible_text("\xff\xc0\x80ok\xe2\x82"), "ok");
  EXPECT_EQ(visible_text("é → 漢 🙂"), "é → 漢 🙂");
}

// Fault matrix: 58
TEST(EscapeTest, XmlCannotBeLeft) {
  EXPECT_EQ(escape_xml("\"><svg onload='x'>&"), "&quot;&gt;&lt;svg onload=&#39;x&#39;&gt;&amp;");
}

TEST(EscapeTest, FileNamesStayInTheirFolder) {
  EXPECT_EQ(file_name("../../etc/passwd"), "_.._.._etc_passwd");
  EXPECT_EQ(file_name(""), "_");
  EXPECT_EQ(file_name(std::string(200, 'a')).size(), 64u);
}

TEST(EscapeTest, OnlyPlainNamesAreCode) {
  EXPECT_EQ(markdown_name("random_init"), "`random_init`");
  EXPECT_EQ(markdown_name("a`b"), "a\\`b");
}

}  // namespace
}  // namespace sslbench
