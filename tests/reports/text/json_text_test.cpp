// SPDX-License-Identifier: Apache-2.0
#include "reports/text/json_text.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

using nlohmann::json;

TEST(JsonObjectTextTest, IsWhatDumpWritesOfTheWholeObject) {
  const json whole{{"a", nullptr},
                   {"b", {{"deep", {1, 2.5, json::array()}}, {"text", "two\nlines \"quoted\""}}},
                   {"c", json::object()},
                   {"d", {{"x", 1}, {"y", {{"z", true}}}}}};
  JsonObjectText text(1), inner(2);
  for (const auto& [name, value] : whole.at("d").items()) inner.add(name, value);
  for (const char* name : {"a", "b", "c"}) text.add(name, whole.at(name));
  text.add_text("d", inner.end());
  EXPECT_EQ(text.end(), whole.dump(1));
  EXPECT_EQ(JsonObjectText(1).end(), "{}");

  std::string written;
  const auto sink = [&](std::string_view piece) { written += piece; };
  JsonObjectText pieces(1, sink);
  for (const char* name : {"a", "b", "c"}) pieces.add(name, whole.at(name));
  pieces.begin("d");
  JsonObjectText of_d(2, sink);
  for (const auto& [name, value] : whole.at("d").items()) of_d.add(name, value);
  of_d.end();
  EXPECT_EQ(pieces.end(), "");
  EXPECT_EQ(written, whole.dump(1));
}

}  // namespace
}  // namespace sslbench
