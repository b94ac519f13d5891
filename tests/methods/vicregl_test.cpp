// SPDX-License-Identifier: Apache-2.0
#include "methods/vicregl.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using namespace vicregl;

Tensor waves(at::IntArrayRef shape, double step) {
  return at::arange(c10::multiply_integers(shape), at::kFloat).mul(step).sin().view(shape);
}

LocalView view(double step) { return {waves({4, 3, 3, 5}, step), waves({4, 3, 3, 2}, 0.31)}; }

constexpr Weights kInvarianceOnly{1, 0, 0};

TEST(VICRegLTest, AViewAgreesWithItselfByFeatureAndByPlace) {
  EXPECT_LT(local_loss(view(1.7), view(1.7), kInvarianceOnly, {9, 9}).item<float>(), 1e-10);
}

// The pairing by feature cannot be fooled by moving cells about, the one by place is.
TEST(VICRegLTest, PlacesDecideWhichCellsMeet) {
  LocalView a = view(1.7), b = view(1.7);
  b.map_BHWC = b.map_BHWC.flip({1}), b.place_BHW2 = b.place_BHW2.flip({1});
  EXPECT_LT(local_loss(a, b, kInvarianceOnly, {9, 9}).item<float>(), 1e-10);
  b.place_BHW2 = a.place_BHW2;
  EXPECT_GT(local_loss(a, b, kInvarianceOnly, {9, 9}).item<float>(), 1e-2);
}

TEST(VICRegLTest, CollapseCostsTheWholeVarianceTerm) {
  LocalView flat = view(1.7);
  flat.map_BHWC = at::ones({4, 3, 3, 5});
  // By feature and by place, each a mean over both directions of half of both sides: 1 - sqrt(eps) each.
  EXPECT_NEAR(local_loss(flat, flat, {0, 1, 0}, {9, 9}).item<float>(), 2 * 0.99, 1e-5);
  const Tensor z = at::ones({4, 5});
  EXPECT_NEAR(global_loss({z, z}, 2, {0, 1, 0}).item<float>(), 0.99, 1e-5);
}

TEST(VICRegLTest, MorePairsThanCellsMeansAllCells) {
  const float all = local_loss(view(1.7), view(0.9), {}, {9, 9}).item<float>();
  EXPECT_EQ(local_loss(view(1.7), view(0.9), {}, {500, 500}).item<float>(), all);
}

}  // namespace
}  // namespace sslbench
