// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/foreign_backbone.h"

#include <gmock/gmock.h>

#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

const char* const kModels[] = {"resnet18.ts", "attention.ts", "attention.pt2"};

TEST(ForeignBackboneTest, ComputesWhatTheirPythonDid) {
  for (const char* name : kModels) EXPECT_EQ(refusal(fixture(name)), "") << name;
}

TEST(ForeignBackboneTest, KeepsWhatBackbonesPromiseForImagesOfAnySizeAndNumber) {
  for (const char* name : kModels) {
    const auto backbone = foreign_backbone(name);
    backbone->train(false);
    for (const auto& [height, width] : {std::pair<int64_t, int64_t>{32, 32}, {40, 75}}) {
      const Tensor x = formula_image(3, height, width, 0, 1);
      const auto maps = backbone->feature_maps(x);
      ASSERT_EQ(maps.size(), backbone->levels().size()) << name;
      for (size_t i = 0; i < maps.size(); ++i) {
        const auto [s, channels] = backbone->levels()[i];
        EXPECT_EQ(maps[i].sizes().vec(), (std::vector<int64_t>{3, channels, (height + s - 1) / s, (width + s - 1) / s}))
            << name;
      }
      EXPECT_EQ(backbone->features(x).sizes().vec(), (std::vector<int64_t>{3, backbone->width()})) << name;
    }
  }
}

TEST(ForeignBackboneTest, TellsHowImagesAreNormalisedAndWhereItComesFrom) {
  const auto backbone = foreign_backbone("attention.pt2");
  EXPECT_EQ(backbone->input_facts().image_size, 32);
  EXPECT_FLOAT_EQ(backbone->input_facts().normalisation->mean[0], 0.485f);
  EXPECT_THAT(backbone->notes().front(), HasSubstr("tiny_models.attention(), weights: its own (torch 2.11.0)"));
  EXPECT_TRUE(backbone->brings_weights());
  EXPECT_FALSE(backbone->takes_gradients());
  EXPECT_TRUE(foreign_backbone("attention.ts")->takes_gradients());
}

TEST(ForeignBackboneTest, SidesAreTheNearestThatTheFileTakes) {
  ModelFacts facts;
  facts.size = 224, facts.step = 14;
  EXPECT_EQ(taken_side(facts, 96), 98);
  EXPECT_EQ(taken_side(facts, 3), 14);
  facts.step = 1;
  EXPECT_EQ(taken_side(facts, 97), 97);
  facts.step = 0;
  EXPECT_EQ(taken_side(facts, 96), 224);
}

TEST(ForeignBackboneTest, AFileSettingIsNeededAndAFileThatIsNoneIsNamed) {
  at::Generator unused;
  for (const char* name : {"traced", "exported"}) {
    EXPECT_THROW(make_backbone(name, nlohmann::json::object(), unused), UserError) << name;
  }
  const ScratchFolder folder;
  EXPECT_THAT(refusal(folder.write("m.ts", "no archive").string()), HasSubstr("m.ts: expected a traced model (.ts)"));
  EXPECT_THAT(refusal(folder.write("m.pt2", "").string()), HasSubstr("m.pt2: expected an exported model (.pt2)"));
  EXPECT_THAT(refusal((folder.path() / "gone.pt2").string()), HasSubstr("no such file"));
}

}  // namespace
}  // namespace sslbench
