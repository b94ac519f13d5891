// SPDX-License-Identifier: Apache-2.0
#include "methods/densecl.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using namespace densecl;

Tensor waves(at::IntArrayRef shape, double step) {
  return at::arange(c10::multiply_integers(shape), at::kFloat).mul(step).sin().view(shape);
}

TEST(DenseCLTest, CellsAreFoundAgainHoweverTheKeyIsShuffled) {
  const Tensor map_NES = waves({2, 6, 9}, 1.7);
  const Tensor order = at::tensor(std::vector<int64_t>{4, 8, 0, 2, 6, 1, 5, 3, 7});
  const Tensor match_NS = match_cells(map_NES.index_select(2, order), map_NES);
  for (int64_t n = 0; n < 2; ++n) EXPECT_TRUE(match_NS[n].equal(order));
}

TEST(DenseCLTest, AMatchDoesNotDependOnHowLongFeaturesAre) {
  const Tensor q = waves({2, 6, 9}, 1.7), k = waves({2, 6, 9}, 0.9);
  const Tensor lengths_1S = at::arange(1, 10).to(at::kFloat).view({1, 1, 9});
  EXPECT_TRUE(match_cells(q, k).equal(match_cells(q, k * lengths_1S)));
}

TEST(DenseCLTest, OnlyTheQueryLearns) {
  View q{waves({2, 5}, 0.3), waves({2, 5, 4}, 0.7), waves({2, 3, 4}, 1.1)};
  View k{waves({2, 5}, 0.5), waves({2, 5, 4}, 0.9), waves({2, 3, 4}, 1.3)};
  for (const Tensor& x : {q.global_NC, q.grid_NCS, q.backbone_NES, k.global_NC, k.grid_NCS}) x.set_requires_grad(true);
  contrast(q, k, waves({8, 5}, 2.1), waves({8, 5}, 2.3), 0.2, 0.5).total.backward();
  EXPECT_TRUE(q.global_NC.grad().defined() && q.grid_NCS.grad().defined());
  for (const Tensor& x : {q.backbone_NES, k.global_NC, k.grid_NCS}) EXPECT_FALSE(x.grad().defined());
}

}  // namespace
}  // namespace sslbench
