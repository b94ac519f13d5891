// SPDX-License-Identifier: Apache-2.0
#include "methods/last_blocks.h"

#include <gtest/gtest.h>

#include <map>

#include "methods/backbones/dinov3.h"
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"

namespace sslbench {
namespace {

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

// A network without the last block, with the same weights else.
template <class Network, class Shape>
std::unique_ptr<Network> without_last_block(const Network& whole, Shape shape) {
  shape.depth -= 1;
  at::Generator generator = at::detail::createCPUGenerator(1);
  auto out = std::make_unique<Network>(shape, generator);
  std::map<std::string, Tensor> values;
  for (const auto& [name, tensor] : whole.state()) values[name] = tensor;
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : out->state()) Tensor(tensor).copy_(values.at(name));
  return out;
}

template <class Network, class Shape>
void check_blocks(const Shape& shape) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const Network network(shape, generator);
  const at::NoGradGuard no_grad;
  const Tensor x = formula_image(2, 32, 32, 0, 1);
  ASSERT_EQ(network.class_token_blocks(), 3);
  const LastBlocks last = network.last_blocks(x, 2);
  ASSERT_EQ(last.class_ND.size(), 2u);
  EXPECT_LT(difference(last.class_ND[1], network.features(x)), 1e-6);
  EXPECT_LT(difference(last.class_ND[0], without_last_block<Network>(network, shape)->features(x)), 1e-6);
  EXPECT_LT(difference(last.patch_mean_ND, network.feature_maps(x).back().mean({2, 3})), 1e-6);
}

TEST(LastBlocksTest, EveryBlockGivesWhatANetworkThatEndsThereGives) {
  check_blocks<Vit>(VitShape{.dim = 32, .depth = 3, .heads = 2, .patch_size = 4, .image_size = 32, .registers = 2});
  check_blocks<Dinov3>(
      Dinov3Shape{.dim = 32, .depth = 3, .heads = 2, .patch_size = 4, .registers = 2, .layer_scale = 0.5});
}

TEST(LastBlocksTest, NetworksWithoutAClassTokenHaveNone) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  EXPECT_EQ(make_backbone("resnet18", {{"width", 8}}, generator)->class_token_blocks(), 0);
  const Vit patches_only({.dim = 32,
                          .depth = 3,
                          .heads = 2,
                          .patch_size = 4,
                          .image_size = 32,
                          .class_token = false,
                          .mean_pooling = true},
                         generator);
  EXPECT_EQ(patches_only.class_token_blocks(), 0);
}

}  // namespace
}  // namespace sslbench
