// SPDX-License-Identifier: Apache-2.0
// What training in less memory promises, in float64: blocks that are computed again give the same gradients, for every
// method and backbone (the same bits save where a gradient's parts are added in another order); a batch in parts gives
// those of the whole one where images do not look at each other.
#include <gtest/gtest.h>

#include "tests/contracts/method_names.h"
#include "tests/contracts/steps_over_ranks.h"

namespace sslbench {
namespace {

const nlohmann::json kNone = nlohmann::json::object();

// Every method; every kind of block, with images left out of some, on the method that shows the least of its own.
std::vector<MethodOnRanks> recomputed_cases() {
  std::vector<MethodOnRanks> out;
  for (const std::string& name : method_names(WhichMethods::trained)) out.push_back({name});
  const nlohmann::json drops = {{"drop_path", 0.3}};
  for (const auto& [backbone, settings] :
       std::vector<std::pair<std::string, nlohmann::json>>{{"resnet50", kNone},
                                                           {"regnet_y_400mf", kNone},
                                                           {"mobilenet_v3_small", kNone},
                                                           {"efficientnet_b0", kNone},
                                                           {"vit_tiny", drops},
                                                           {"convnext_tiny", drops},
                                                           {"swin_tiny", drops},
                                                           {"xcit_tiny_12", drops},
                                                           {"dinov3_small", drops}}) {
    out.push_back({.name = "supervised_" + backbone,
                   .method = "supervised",
                   .backbone = backbone,
                   .backbone_settings = settings});
  }
  return out;
}

class RecomputedBlocksTest : public ::testing::TestWithParam<MethodOnRanks> {};
INSTANTIATE_TEST_SUITE_P(All, RecomputedBlocksTest, ::testing::ValuesIn(recomputed_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(RecomputedBlocksTest, GiveTheSameGradientsAndMoveTheSameStatistics) {
  MethodOnRanks again = GetParam();
  again.recompute = true;
  for (const int64_t ranks : {1, 2}) {
    const TrainedMethod kept = train_on_ranks(GetParam(), ranks), recomputed = train_on_ranks(again, ranks);
    const Apart found = apart(recomputed, kept);
    EXPECT_LT(found.gradients, 1e-13) << ranks << " ranks, " << found.gradient;
    EXPECT_LT(found.state, 1e-13) << ranks << " ranks, " << found.tensor;
    EXPECT_TRUE(recomputed.agreed());
  }
}

// Neither batch norm nor other images of the batch.
std::vector<MethodOnRanks> image_by_image() {
  return {{"mae"}, {"simmim"}, {"supervised", "", kNone, "vit_tiny"}, {"rotnet", "", kNone, "vit_tiny"}};
}

class BatchInPartsTest : public ::testing::TestWithParam<MethodOnRanks> {};
INSTANTIATE_TEST_SUITE_P(All, BatchInPartsTest, ::testing::ValuesIn(image_by_image()),
                         [](const auto& info) { return info.param.name; });

TEST_P(BatchInPartsTest, GivesTheGradientsOfTheWholeBatch) {
  MethodOnRanks parts = GetParam();
  parts.parts = 4;
  const TrainedMethod whole = train_on_ranks(GetParam(), 1);
  for (const int64_t ranks : {1, 2}) {
    const TrainedMethod joined = train_on_ranks(parts, ranks);
    const Apart found = apart(joined, whole);
    EXPECT_LT(found.gradients, 1e-10) << ranks << " ranks, " << found.gradient;
    EXPECT_LT(found.state, 1e-10) << ranks << " ranks, " << found.tensor;
    EXPECT_LT(found.losses, 1e-10) << ranks << " ranks";
    EXPECT_TRUE(joined.agreed());
  }
}

}  // namespace
}  // namespace sslbench
