// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/foreign_json.h"

#include <gmock/gmock.h>

#include "suites/files/safetensors_header.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

std::string nested(size_t levels, const std::string& inside = "") {
  return std::string(levels, '[') + inside + std::string(levels, ']');
}

std::string refusal(const std::string& text) {
  try {
    parse_foreign_json(text);
  } catch (const nlohmann::json::exception& error) {
    return error.what();
  }
  return "";
}

TEST(ForeignJsonTest, NestsAsDeepAsAllowedAndNoDeeper) {
  EXPECT_EQ(refusal(nested(kDeepestNesting)), "");
  EXPECT_THAT(refusal(nested(kDeepestNesting + 1)), HasSubstr("nested deeper than 64"));
  EXPECT_THAT(refusal(nested(100'000)), HasSubstr("nested deeper than 64"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(refusal(objects), HasSubstr("nested deeper than 64"));
}

TEST(ForeignJsonTest, BracketsInTextsAreNoNesting) {
  const std::string text = "\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"";
  EXPECT_EQ(parse_foreign_json("[" + text + "]").at(0).get<std::string>().size(), 2001u);
  EXPECT_NE(refusal(text + nested(65)), "");
  EXPECT_NE(refusal("\"\\\\\"" + nested(100'000)), "");
}

TEST(ForeignJsonTest, WhatIsNoJsonIsAnExceptionOfTheLibrary) {
  for (const char* text : {"", "{", "[1,]", "\"\xFF\"", "nan"}) EXPECT_NE(refusal(text), "") << text;
}

TEST(ForeignJsonTest, ADeepHeaderIsNoSafetensorsFile) {
  const std::string file = safetensors_file("{\"__metadata__\":" + nested(100'000) + "}", "");
  try {
    parse_safetensors(file);
    ADD_FAILURE();
  } catch (const BadSafetensors& bad) {
    EXPECT_STREQ(bad.what(), "nested deeper than 64");
  }
}

}  // namespace
}  // namespace sslbench
