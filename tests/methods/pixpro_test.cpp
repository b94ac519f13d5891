// SPDX-License-Identifier: Apache-2.0
#include "methods/pixpro.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using namespace pixpro;

Tensor crop(const std::vector<float>& sides) { return at::tensor(sides).view({1, 4}); }

TEST(PixProTest, CellsOfOneCropPairWithThemselvesAndOfAFlippedOneWithTheirMirror) {
  const Tensor straight = crop({0.1f, 0.2f, 0.7f, 0.8f}), flipped = crop({0.7f, 0.2f, 0.1f, 0.8f});
  EXPECT_TRUE(near_pairs(straight, straight, 3, 3, 0.5)[0].equal(at::eye(9)));
  const Tensor mirror = near_pairs(straight, flipped, 3, 3, 0.5)[0];
  for (int64_t row = 0; row < 3; ++row) {
    for (int64_t column = 0; column < 3; ++column) {
      EXPECT_EQ(mirror[3 * row + column].argmax().item<int64_t>(), 3 * row + 2 - column);
    }
  }
}

TEST(PixProTest, CropsThatShareNoPlaceGiveNoLossAndNoNan) {
  const Tensor pairs = near_pairs(crop({0, 0, 0.2f, 0.2f}), crop({0.7f, 0.7f, 1, 1}), 2, 2, 0.7);
  EXPECT_EQ(pairs.sum().item<float>(), 0);
  Tensor y = at::ones({1, 3, 2, 2}).set_requires_grad(true);
  const Tensor loss = consistency(y, at::ones({1, 3, 2, 2}), pairs);
  loss.backward();
  EXPECT_EQ(loss.item<float>(), 0);
  EXPECT_EQ(y.grad().abs().max().item<float>(), 0);
}

TEST(PixProTest, PropagationMixesLikeCellsAndLeavesOthersOut) {
  Tensor x = at::zeros({1, 2, 1, 3});
  x[0][0][0][0] = 2, x[0][0][0][1] = 5, x[0][1][0][2] = 1;  // the first two point the same way
  const Tensor y = propagate(x, x, 2, 0);
  EXPECT_FLOAT_EQ(y[0][0][0][0].item<float>(), 2);  // two unit vectors
  EXPECT_FLOAT_EQ(y[0][1][0][0].item<float>(), 0);
  EXPECT_FLOAT_EQ(y[0][1][0][2].item<float>(), 1);
}

}  // namespace
}  // namespace sslbench
