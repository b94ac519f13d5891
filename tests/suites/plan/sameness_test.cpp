// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/sameness.h"

#include <gtest/gtest.h>

#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using nlohmann::json;

class SamenessTest : public ::testing::Test {
 protected:
  SamenessTest() {
    auto& pretrain = catalog_.kinds["stage"]["pretrain"].options;
    pretrain.push_back(circumstance(integer_option("data_workers", 0, 0, 64, "threads")));
    pretrain.push_back(later(real_option("erasing", 0.5, 0, 1, "share"), 0));
    pretrain.push_back(evaluated(integer_option("size", 0, 0, 64, "px")));
    catalog_.kinds["protocol"]["knn"].options.push_back(circumstance(integer_option("data_workers", 0, 0, 64, "")));
  }
  json counting(const json& run) const { return Sameness(catalog_).counting(run); }

  Catalog catalog_ = small_catalog();
  json run_ = {{"method", "simclr"},
               {"method_settings", {{"temperature", 0.5}, {"weights", "/a/b"}}},
               {"files", {{"weights", "digest"}}},
               {"backbone", "resnet18"},
               {"pretrain", {{"epochs", 6}, {"data_workers", 4}, {"erasing", 0.0}, {"size", 32}}},
               {"protocols",
                {{{"row", "knn_5"},
                  {"protocol", "knn"},
                  {"settings", {{"k", 5}, {"data_workers", 2}}},
                  {"dataset", {{"name", "shapes"}, {"settings", {{"size", 48}}}}}}}}};
};

TEST_F(SamenessTest, LeavesOutCircumstancesAndNeutralValuesAndKnowsFilesByContent) {
  EXPECT_EQ(counting(run_).at("pretraining"), (json{{"method", "simclr"},
                                                    {"method.temperature", 0.5},
                                                    {"method.weights", "digest"},
                                                    {"backbone", "resnet18"},
                                                    {"dataset", ""},
                                                    {"pretrain.epochs", 6},
                                                    {"pretrain.size", 32}}));
  EXPECT_EQ(
      counting(run_).at("protocols").at("knn_5"),
      (json{{"protocol", "knn"}, {"protocol.k", 5}, {"protocol dataset", "shapes"}, {"protocol dataset.size", 48}}));
  run_["pretrain"]["erasing"] = 0.5;
  EXPECT_EQ(counting(run_).at("pretraining").at("pretrain.erasing"), 0.5) << "the default is not the neutral value";
}

TEST_F(SamenessTest, FilesOfTheBackboneAndOfPretrainingCountByContent) {
  run_["backbone_settings"] = {{"file", "/a/b.pt2"}};
  run_["pretrain"]["init"] = "/a/w.pth";
  run_["files"] = {{"backbone.file", "one"}, {"pretrain.init", "two"}};
  const json pretraining = counting(run_).at("pretraining");
  EXPECT_EQ(pretraining.at("backbone.file"), "one");
  EXPECT_EQ(pretraining.at("pretrain.init"), "two");
  EXPECT_FALSE(pretraining.contains("method.backbone.file"));
}

TEST_F(SamenessTest, AMethodThatTrainsNothingHasOnlyWhatEvaluationReads) {
  run_["method"] = "random_init";
  const json pretraining = counting(run_).at("pretraining");
  EXPECT_TRUE(pretraining.contains("pretrain.size"));
  EXPECT_FALSE(pretraining.contains("pretrain.epochs"));
}

TEST_F(SamenessTest, WithoutACatalogEverySettingCounts) {
  EXPECT_EQ(Sameness().counting(run_).at("pretraining").at("pretrain.data_workers"), 4);
}

TEST_F(SamenessTest, SurvivesRecordsThatSayNothingOrNonsense) {
  for (const json& run : {json(), json::array(), json{{"protocols", 3}}, json{{"protocols", {1, "x"}}, {"pretrain", 2}},
                          json{{"method", 5}, {"dataset", "x"}}}) {
    EXPECT_TRUE(counting(run).at("pretraining").is_object()) << run;
  }
}

TEST(WhatDiffersTest, NamesEachSettingWithBothValues) {
  EXPECT_EQ(what_differs({{"pretrain.epochs", 6}, {"a", 1}}, {{"pretrain.epochs", 5}, {"a", 1}}),
            "pretrain.epochs 6 → 5");
  EXPECT_EQ(what_differs({{"a", "x"}}, {{"b", true}}), "a x → none, b none → true");
  EXPECT_EQ(what_differs({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}, json::object()),
            "a 1 → none, b 1 → none, c 1 → none and 2 more");
  EXPECT_EQ(what_differs({{"a", 1}}, {{"a", 1.0}}), "") << "one number";
  EXPECT_EQ(what_differs({{"w", std::string(64, 'a')}}, {{"w", std::string(64, 'b')}}),
            "w aaaaaaaaaaaa → bbbbbbbbbbbb");
}

}  // namespace
}  // namespace sslbench
