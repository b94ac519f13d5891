// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/python_constructor.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

using nlohmann::json;

// A network with a width, a size that is passed on, a stem of two kinds and a rate that does not matter.
CatalogEntry net() {
  const json common = {{"library", "timm"},         {"model", "net_s"},
                       {"arguments", {"pre=True"}}, {"passed", json::array({json::array({"size", "img"})})},
                       {"free", {"rate"}},          {"then", json::array()},
                       {"headless", json::array()}, {"takes_head", true}};
  json plain = common, small = common;
  plain["when"] = {{"stem", "large"}};
  small.update({{"library", "torchvision"}, {"arguments", json::array()}, {"when", {{"stem", "small"}}}});
  small.update({{"then", {"model.a = 1"}}, {"headless", {"model.fc = 2"}}, {"takes_head", false}});
  return {"net",
          "",
          {integer_option("width", 64, 1, 100, ""), integer_option("size", 224, 1, 1000, ""),
           choice_option("stem", "large", {"large", "small"}, ""), real_option("rate", 0, 0, 1, "")},
          {{"published", {plain, small}}}};
}

TEST(PythonConstructorTest, PassesOnWhatDiffersFromTheDefaultAndLeavesOutWhatIsFree) {
  EXPECT_EQ(python_constructor(net(), json::object(), 0)->call, "timm.create_model('net_s', num_classes=0, pre=True)");
  EXPECT_EQ(python_constructor(net(), {{"size", 98}, {"rate", 0.5}}, 7)->call,
            "timm.create_model('net_s', num_classes=7, pre=True, img=98)");
}

TEST(PythonConstructorTest, TakesTheConstructorWhoseConditionsHold) {
  const auto small = python_constructor(net(), {{"stem", "small"}}, 0);
  EXPECT_EQ(small->call, "torchvision.models.net_s()");
  EXPECT_EQ(small->statements, (std::vector<std::string>{"model.a = 1", "model.fc = 2"}));
  EXPECT_FALSE(python_constructor(net(), {{"stem", "small"}}, 10));  // its head is another one
}

TEST(PythonConstructorTest, ThereIsNoneForAWidthThatNobodyPublished) {
  EXPECT_FALSE(python_constructor(net(), {{"width", 32}}, 0));
  EXPECT_FALSE(python_constructor({"other", "", {}, json::object()}, json::object(), 0));
}

TEST(PythonConstructorTest, TheScriptLoadsStrictlyWhateverTheFileIsCalled) {
  const auto constructor = python_constructor(net(), json::object(), 0);
  EXPECT_EQ(python_loader(*constructor, "a\"b\\c.safetensors"),
            "import torch, timm\nfrom safetensors.torch import load_file\n\n"
            "model = timm.create_model('net_s', num_classes=0, pre=True)\n"
            "model.load_state_dict(load_file(\"a\\\"b\\\\c.safetensors\"), strict=True)\n");
  EXPECT_EQ(json::parse(constructor_text(*constructor)).at("library"), "timm");
}

}  // namespace
}  // namespace sslbench
