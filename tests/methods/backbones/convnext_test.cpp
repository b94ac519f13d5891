// SPDX-License-Identifier: Apache-2.0
// Outputs against timm's and torchvision's networks are in tests/golden/backbones (convnext).
#include "methods/backbones/convnext.h"

#include <gtest/gtest.h>

#include "methods/backbones/convnext_block.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(ConvNeXtTest, AllNamesHaveTheSameValuesInTheirOrder) {
  const auto torchvision = small_backbone("convnext_tiny"), timm = small_backbone("convnext_tiny", {{"names", "timm"}});
  const auto a = torchvision->parameters(), b = timm->parameters();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(at::equal(a[i].second.flatten(), b[i].second.flatten())) << a[i].first;
  EXPECT_EQ(classifier_name("convnext_tiny", {{"names", "timm"}}), "head.fc");
  EXPECT_EQ(classifier_name("convnext_tiny", nlohmann::json::object()), "classifier.2");
  const Tensor x = formula_image(1, 64, 64, 0, 1);
  EXPECT_EQ(largest_difference(torchvision->features(x), timm->features(x)), 0);
}

TEST(ConvNeXtTest, ConvolutionsInThePlaceOfLinearLayersComputeTheSame) {
  ConvNeXtShape shape{.depths = {1, 1, 1, 1}, .dims = {8, 16, 24, 32}, .grn = true, .layer_scale = false};
  shape.names = ConvNeXtNames::timm;
  at::Generator one = at::detail::createCPUGenerator(0), two = at::detail::createCPUGenerator(0);
  const ConvNeXt linear(shape, one);
  shape.conv_mlp = true;
  const ConvNeXt convolution(shape, two);
  const Tensor x = formula_image(1, 64, 64, 0, 1);
  EXPECT_EQ(largest_difference(linear.features(x), convolution.features(x)), 0);
  EXPECT_EQ(parameters_of(convolution).at("stages.0.blocks.0.mlp.fc1.weight").dim(), 4);
}

TEST(ConvNeXtTest, ResponseNormStartsAsTheIdentityAndFavoursStrongChannels) {
  const GlobalResponseNorm norm(4);
  const Tensor z = formula_tensor({2, 3, 5, 4}, 3, 1, 0);
  EXPECT_EQ(largest_difference(norm(z), z), 0);
  const at::NoGradGuard no_grad;
  parameters_of(norm).at("weight").fill_(1);
  const Tensor strong = z.clone();
  strong.select(-1, 0).mul_(10);
  const Tensor gain = (norm(strong) / strong).abs().mean({0, 1, 2});
  EXPECT_GT(gain[0].item<double>(), gain[1].item<double>());
}

}  // namespace
}  // namespace sslbench
