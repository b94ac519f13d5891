// SPDX-License-Identifier: Apache-2.0
#include "methods/teachers/pooled_and_map.h"

#include <gtest/gtest.h>

#include "methods/backbone.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(PooledAndMapTest, OnePassSaysWhatFeaturesAndMapsSay) {
  at::Generator generator = at::detail::createCPUGenerator(2);
  const Tensor x = at::randn({2, 3, 30, 22}, generator);  // sides that patches of 4 do not divide
  for (const char* name : {"vit_tiny", "dinov2_small", "siglip_base", "dinov3_small", "swin_tiny", "resnet18"}) {
    const auto net = make_backbone(name, Registry<BackboneEntry>::find(name).tiny, generator);
    net->train(false);
    const at::NoGradGuard no_grad;
    const PooledAndMap both = pooled_and_map(*net, x, true);
    EXPECT_LT((both.pooled_ND - net->features(x)).abs().max().item<double>(), 1e-6) << name;
    EXPECT_LT((both.map_NChw - net->feature_maps(x).back()).abs().max().item<double>(), 1e-6) << name;
    EXPECT_EQ(both.map_NChw.size(1), net->levels().back().channels) << name;
    EXPECT_FALSE(pooled_and_map(*net, x, false).map_NChw.defined()) << name;
  }
}

}  // namespace
}  // namespace sslbench
