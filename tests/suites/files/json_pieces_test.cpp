// SPDX-License-Identifier: Apache-2.0
#include "suites/files/json_pieces.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "suites/ground/foreign_json.h"
#include "suites/ground/random.h"

namespace sslbench {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(JsonPiecesTest, CutsAListAtItsOwnCommasOnly) {
  EXPECT_THAT(*list_pieces(R"( [ {"a":[1,2]} , "x,]\"," ,3 ] )"), ElementsAre(R"({"a":[1,2]})", R"("x,]\",")", "3"));
  EXPECT_THAT(*list_pieces(" [ ] "), IsEmpty());
}

TEST(JsonPiecesTest, NamesTheMembersOfAnObjectInFileOrder) {
  EXPECT_THAT(*object_pieces(R"({"b" : [1, 2],"a\u0041":{"b":2}, "b":3})"),
              ElementsAre(Pair("b", "[1, 2]"), Pair("aA", R"({"b":2})"), Pair("b", "3")));
}

TEST(JsonPiecesTest, AnotherKindOfValueHasNone) {
  for (const char* text : {"", "3", "{}", "[", "]", "[1", "\"[]\"", "[1]]", "[1,]", "[,1]"}) {
    EXPECT_FALSE(list_pieces(text)) << text;
  }
  for (const char* text : {"[]", "{", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}"}) {
    EXPECT_FALSE(object_pieces(text)) << text;
  }
}

TEST(JsonPiecesTest, NestsAsDeepAsTheParserOfTheWholeAllows) {
  const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(list_pieces(nested(kDeepestNesting)));
  EXPECT_FALSE(list_pieces(nested(kDeepestNesting + 1)));
  EXPECT_TRUE(list_pieces(nested(kDeepestNesting - 1), 1));
  EXPECT_FALSE(list_pieces(nested(kDeepestNesting), 1));
  EXPECT_FALSE(object_pieces("{\"a\":" + nested(kDeepestNesting) + "}"));
}

// A parser skips the mark at the start of a text and stops at NUL: neither may pass within a document.
TEST(JsonPiecesTest, MarksOfTextEndsDoNotHideInPieces) {
  EXPECT_FALSE(list_pieces("[1,\xEF\xBB\xBF 2]"));
  EXPECT_FALSE(list_pieces(std::string_view("[1\0x,2]", 7)));
}

// Any text of these characters: pieces that all parse make the whole document, and the same values.
TEST(JsonPiecesTest, AgreesWithTheParserOnShortTexts) {
  constexpr std::string_view kCharacters = "[]{},:\"\\1 a";
  RandomStream random(1, RandomUse::split, 0, 0);
  int lists = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "[";
    const auto length = static_cast<size_t>(random.uniform() * 9);
    for (size_t c = 0; c < length; ++c) {
      text += kCharacters[static_cast<size_t>(random.uniform() * static_cast<float>(kCharacters.size() - 1))];
    }
    text += ']';
    const json whole = json::parse(text, nullptr, /*allow_exceptions=*/false);
    json apart = json::array();
    const auto pieces = list_pieces(text);
    bool good = pieces.has_value();
    for (size_t p = 0; good && p < pieces->size(); ++p) {
      apart.push_back(json::parse((*pieces)[p], nullptr, /*allow_exceptions=*/false));
      good = !apart.back().is_discarded();
    }
    ASSERT_EQ(good, whole.is_array()) << text;
    if (!good) continue;
    ASSERT_EQ(apart, whole) << text;
    ++lists;
  }
  EXPECT_GT(lists, 1000);
}

}  // namespace
}  // namespace sslbench
