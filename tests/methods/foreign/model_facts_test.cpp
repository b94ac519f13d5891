// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/model_facts.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One image of one black pixel, features (1, -1), one map of the value 2.
json good() {
  return json::parse(R"({"schema": "sslbench.model/1", "call": "build", "weights": "random",
    "libraries": {"torch": "2.11.0"}, "size": 1, "step": 0, "mean": [0.5, 0.5, 0.5], "deviation": [1, 1, 1],
    "width": 2, "maps": [{"name": "m", "stride": 1, "channels": 1}], "prefix": "",
    "example": {
  "images" : {"shape" : [ 1, 1, 1, 3 ], "uint8" : "AAAA"},
             "features" : {"shape" : [ 1, 2 ], "float32" : "AACAPwAAgL8="},
                          "maps" : [ {"shape" : [ 1, 1, 1, 1 ], "every" : 1, "float32" : "AAAAQA=="} ]}})");
}

std::string refusal(const json& facts) {
  try {
    model_facts(facts.dump(), "m.pt2");
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

TEST(ModelFactsTest, ReadsTheExampleAndHowImagesAreNormalised) {
  const ModelFacts facts = model_facts(good().dump(), "m.pt2");
  EXPECT_THAT(facts.example.pixels, ElementsAre(0, 0, 0));
  EXPECT_THAT(facts.example.features, ElementsAre(1.f, -1.f));
  EXPECT_THAT(facts.example.maps.at(0).values, ElementsAre(2.f));
  EXPECT_EQ(facts.mean[2], 0.5f);
  EXPECT_EQ(facts.maps.at(0).channels, 1);
  EXPECT_EQ(facts.libraries, "torch 2.11.0");
}

TEST(ModelFactsTest, EveryKeyIsNeededAndItsAbsenceNamesFileAndKey) {
  const json whole = good();
  for (const auto& [key, value] : whole.items()) {
    json without = whole;
    without.erase(key);
    EXPECT_THAT(refusal(without), HasSubstr("m.pt2: ")) << key;
    if (key != "schema") EXPECT_THAT(refusal(without), HasSubstr("'" + key + "'"));
  }
}

TEST(ModelFactsTest, SizesThatDoNotFitOrAreTooLargeAreRefused) {
  const auto with = [](const char* place, const json& value) {
    json changed = good();
    changed[json::json_pointer(place)] = value;
    return refusal(changed);
  };
  EXPECT_THAT(with("/size", 0), HasSubstr("size: expected a whole number in [1, 4096], got 0"));
  EXPECT_THAT(with("/width", 3), HasSubstr("features have the shape [1,2]"));
  EXPECT_THAT(with("/example/images/shape", json{1, 100'000, 100'000, 3}), HasSubstr("images have the shape"));
  EXPECT_THAT(with("/example/images/uint8", "AAAAAAAA"), HasSubstr("values are damaged"));
  EXPECT_THAT(with("/example/features/float32", "AACAfwAAgL8="), HasSubstr("not finite"));
  EXPECT_THAT(with("/example/maps", json::array()), HasSubstr("lacks maps"));
  EXPECT_THAT(with("/deviation", json{1, 0, 1}), HasSubstr("deviation is not above 0"));
  EXPECT_THAT(with("/schema", "sslbench.model/9"), HasSubstr("expected the schema sslbench.model/1"));
}

}  // namespace
}  // namespace sslbench
