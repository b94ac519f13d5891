// SPDX-License-Identifier: Apache-2.0
#include "methods/data2vec.h"

#include <gtest/gtest.h>

#include <ATen/ops/full_like.h>

#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"

namespace sslbench {
namespace {

TEST(Data2vecTest, TargetsAreTheLastBlocksWhateverTheirScale) {
  const Tensor low = formula_tensor({2, 3, 8}, 1, 1, 0), high = formula_tensor({2, 3, 8}, 2, 1, 0);
  const Tensor plain = data2vec::targets({low, high}, 1, true, false);
  EXPECT_TRUE(data2vec::targets({5 * low, 1000 * high}, 1, true, false).allclose(plain, 1e-3, 1e-3));
  EXPECT_FALSE(data2vec::targets({low, high}, 2, true, false).allclose(plain, 1e-3, 1e-3));
}

TEST(Data2vecTest, ABatchWithoutMaskedPatchesCostsNothing) {
  const Tensor x = formula_tensor({2, 3, 8}, 1, 1, 0);
  EXPECT_EQ(data2vec::regression(x, x + 1, at::zeros({2, 3}, at::kBool), 2, false).item<double>(), 0);
}

TEST(Data2vecTest, RefusesMoreBlocksThanThereAre) {
  EXPECT_THROW(tiny_on_vit("data2vec", 1, 0, {{"top_k", 3}}), UserError);
}

TEST(Data2vecTest, TheTeacherMovesByOneMinusMomentum) {
  const auto method = tiny_on_vit("data2vec", 1, 0, {{"momentum", 0.75}});
  const at::NoGradGuard no_grad;
  Tensor online = tensor_named(method->state(), "backbone.norm.weight"),
         teacher = tensor_named(method->state(), "momentum_backbone.norm.weight");
  online.add_(1);
  method->after_step({1, 10, 1});
  EXPECT_TRUE(teacher.allclose(at::full_like(teacher, 1.25)));
}

}  // namespace
}  // namespace sslbench
