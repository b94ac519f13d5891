// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/ground/settings.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TextsOptionTest, ATextIsAListOfOne) {
  const Option option = texts_option("ignore", {}, "patterns");
  EXPECT_THAT(Settings("row", {option}, nlohmann::json::object()).texts("ignore"), IsEmpty());
  EXPECT_THAT(Settings("row", {option}, {{"ignore", "a"}}).texts("ignore"), ElementsAre("a"));
  EXPECT_THAT(Settings("row", {option}, {{"ignore", {"a", "b*"}}}).texts("ignore"), ElementsAre("a", "b*"));
  EXPECT_EQ(canonical(option, "a"), canonical(option, nlohmann::json::array({"a"})));
  EXPECT_THROW(Settings("row", {option}, {{"ignore", 3}}), UserError);
  EXPECT_THROW(Settings("row", {option}, {{"ignore", {"a", 3}}}), UserError);
}

TEST(TextsOptionTest, ItsDeclarationComesBackFromJson) {
  const Option option = later(texts_option("ignore", {"x"}, "patterns"), nlohmann::json::array());
  const Option back = option_from_json(option_to_json(option));
  EXPECT_EQ(back.type, OptionType::texts);
  EXPECT_EQ(back.fallback, option.fallback);
  EXPECT_EQ(back.neutral, nlohmann::json::array());
  EXPECT_EQ(option_type_name(back.type), "texts");
}

}  // namespace
}  // namespace sslbench
