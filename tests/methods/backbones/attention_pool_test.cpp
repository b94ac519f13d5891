// SPDX-License-Identifier: Apache-2.0
// Values against timm's SigLIP are in tests/golden/backbones (vit_siglip).
#include "methods/backbones/attention_pool.h"

#include <gtest/gtest.h>

#include "methods/backbones/vit.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(AttentionPoolTest, OrderOfTokensDoesNotMatter) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const AttentionPool pool({.heads = 2, .mlp = {.dim = 8, .hidden = 16}}, generator);
  set_formula_state(pool);
  const Tensor x = formula_tensor({3, 5, 8}, 4, 1, 0);
  EXPECT_EQ(pool(x).sizes().vec(), (std::vector<int64_t>{3, 8}));
  EXPECT_LT(largest_difference(pool(x), pool(x.flip(1))), 1e-5);
}

TEST(AttentionPoolTest, IsWhatSigLipsFeaturesAreMadeBy) {
  const auto net = small_backbone("siglip_base");
  const auto& vit = dynamic_cast<const Vit&>(*net);
  const Tensor x = formula_image(2, 32, 40, 0, 1);
  EXPECT_EQ(vit.prefix(), 0);
  EXPECT_EQ(largest_difference(net->features(x), vit.attention_pool(vit.tokens(x))), 0);
}

}  // namespace
}  // namespace sslbench
