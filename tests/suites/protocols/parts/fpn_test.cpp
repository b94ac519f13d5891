// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/fpn.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// RetinaNet's pyramid: P6 is a convolution of the backbone's coarsest map itself.
TEST(FpnTest, P6FromC5DoesNotPassThroughThePyramid) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const FeaturePyramid pyramid({8, 24}, 16, 2, generator, /*p6_from_c5=*/true);
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : pyramid.parameters()) {
    if (name == "extra_blocks.p6.weight") {
      EXPECT_EQ(tensor.sizes().vec(), (std::vector<int64_t>{16, 24, 3, 3}));
    }
    if (name.starts_with("layer_blocks")) tensor.zero_();
  }
  const auto maps = pyramid({at::ones({1, 8, 8, 8}), at::ones({1, 24, 4, 4})});
  ASSERT_EQ(maps.size(), 4u);
  EXPECT_EQ(maps[1].abs().max().item<double>(), 0);
  EXPECT_GT(maps[2].abs().max().item<double>(), 0);
  EXPECT_EQ(maps[3].sizes().vec(), (std::vector<int64_t>{1, 16, 1, 1}));
}

}  // namespace
}  // namespace sslbench
