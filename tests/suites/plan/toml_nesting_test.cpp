// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/toml_nesting.h"

#include <gmock/gmock.h>

#include "suites/plan/toml_tree.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string dotted(int parts, const std::string& part = "a") {
  std::string out = part;
  for (int i = 1; i < parts; ++i) out += "." + part;
  return out;
}

bool is_deep(const std::string& text) { return find_deep_toml(text, 10).has_value(); }

TEST(TomlNestingTest, PartsOfKeysHeadersAndBracketsCount) {
  EXPECT_FALSE(is_deep(dotted(11) + " = 1"));
  EXPECT_TRUE(is_deep(dotted(12) + " = 1"));
  EXPECT_TRUE(is_deep("[" + dotted(12) + "]\n"));
  EXPECT_TRUE(is_deep("[[" + dotted(12) + "]]\n"));
  EXPECT_TRUE(is_deep("a = " + std::string(11, '[')));
  EXPECT_TRUE(is_deep(dotted(6) + " = {" + dotted(6) + " = 1}"));
  EXPECT_FALSE(is_deep(dotted(6) + " = 1\n" + dotted(6) + " = 1"));
}

TEST(TomlNestingTest, EveryFormOfAKeyCounts) {
  EXPECT_TRUE(is_deep(dotted(12, "\"a\"") + " = 1"));
  EXPECT_TRUE(is_deep(dotted(12, "'a'") + " = 1"));
  EXPECT_TRUE(is_deep(dotted(12, " a ") + " = 1"));
}

TEST(TomlNestingTest, TextsCommentsAndNumbersDoNot) {
  const std::string dots(40, '.'), brackets(40, '[');
  for (const std::string& text :
       {"a = \"" + dots + brackets + "\"", "a = '" + dots + "\\'", "# " + dots + brackets,
        "a = \"\"\"\n\" " + dots + "\n" + brackets + "\"\"\"\"\"", "a = '''" + dots + "'''"}) {
    EXPECT_FALSE(is_deep(text)) << text;
    EXPECT_TRUE(is_deep(text + "\n" + dotted(12) + " = 1")) << text;
  }
  std::string numbers = "a = [";
  for (int i = 0; i < 40; ++i) numbers += "1.5,\n";
  EXPECT_FALSE(is_deep(numbers + "]"));
  EXPECT_TRUE(is_deep("a = \"\\\"\"\n" + dotted(12) + " = 1"));
}

TEST(TomlNestingTest, AHeaderWithoutANameIsAMistakeAsOthersAre) {
  for (const char* text :
       {"[=]", "[\n]", "[ .a]", "[\xC3\xA9]", "[[\xEF\xB3\xBF", "\xEF\xB3\xBF = 1", "a = 1 \xC3\xA9"}) {
    EXPECT_THAT(user_error([&] { read_toml_text("x.toml", text); }), HasSubstr("x.toml:")) << text;
  }
}

TEST(TomlNestingTest, ADeepTextIsRefusedWithOneLineAtItsPlace) {
  const std::string line = user_error([] { read_toml_text("deep.toml", "x = 1\n" + dotted(50'000) + " = 1\n"); });
  EXPECT_THAT(line, AllOf(HasSubstr("deep.toml:2:"), HasSubstr("nested deeper than 64"), Not(HasSubstr("\n"))));
  EXPECT_THAT(user_error([] { read_toml_text("deep.toml", "x = " + std::string(50'000, '[')); }),
              HasSubstr("nested deeper than 64"));
  EXPECT_THAT(user_error([] { parse_set_argument(dotted(50'000) + "=word"); }), HasSubstr("nested deeper than 64"));
}

}  // namespace
}  // namespace sslbench
