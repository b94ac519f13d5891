// SPDX-License-Identifier: Apache-2.0
#include "methods/moco_v3.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(MocoV3Test, CollapsedOutputsCostTwiceTheTemperatureTimesChanceInBothDirections) {
  const Tensor same = at::ones({8, 4});
  EXPECT_NEAR(moco_v3::symmetric_contrast(same, same, same, same, 0.2).item<double>(), 2 * 2 * 0.2 * std::log(8.0),
              1e-5);
}

TEST(MocoV3Test, KeepsTheRandomPatchProjectionOfAVit) {
  const auto trains_patches = [](bool freeze) {
    const auto method = small_method("moco_v3", {{"freeze_patch_embedding", freeze}}, "vit_tiny");
    return tensor_named(method->trainable(), "backbone.patch_embed.proj.weight").defined();
  };
  EXPECT_FALSE(trains_patches(true));
  EXPECT_TRUE(trains_patches(false));
}

}  // namespace
}  // namespace sslbench
