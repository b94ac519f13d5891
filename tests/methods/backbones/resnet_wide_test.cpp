// SPDX-License-Identifier: Apache-2.0
// Outputs against torchvision's networks are in tests/golden/backbones (resnet_wide).
#include <gtest/gtest.h>

#include "methods/initial_values.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(ResNetWideTest, InnerWidthsFollowGroupsAndWidthPerGroup) {
  const ShapesOnly no_values;
  const auto inner = [](const char* name) {
    return parameters_of(*whole_backbone(name, nlohmann::json::object())).at("layer1.0.conv2.weight").sizes().vec();
  };
  EXPECT_EQ(inner("resnet101"), (std::vector<int64_t>{64, 64, 3, 3}));
  EXPECT_EQ(inner("wide_resnet50_2"), (std::vector<int64_t>{128, 128, 3, 3}));
  EXPECT_EQ(inner("resnext50_32x4d"), (std::vector<int64_t>{128, 4, 3, 3}));
  EXPECT_EQ(inner("resnext101_32x8d"), (std::vector<int64_t>{256, 8, 3, 3}));
}

TEST(ResNetWideTest, AWidthThatLeavesAGroupWithoutChannelsIsTheUsersMistake) {
  EXPECT_THROW(small_backbone("resnext50_32x4d", {{"width", 8}}), UserError);
}

}  // namespace
}  // namespace sslbench
