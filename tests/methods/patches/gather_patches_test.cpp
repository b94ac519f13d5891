// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/gather_patches.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(GatherPatchesTest, GivesTheRowsAndTheGradientOfGather) {
  constexpr int64_t N = 3, L = 7, D = 4, K = 5;
  const at::Tensor ids_NK = at::argsort(at::randn({N, L}), /*stable=*/true, 1).narrow(1, 0, K);
  const at::Tensor ours = at::randn({N, L, D}).set_requires_grad(true);
  const at::Tensor theirs = ours.detach().clone().set_requires_grad(true);
  const at::Tensor weight = at::randn({N, K, D});
  const at::Tensor got = gather_patches(ours, ids_NK);
  const at::Tensor want = theirs.gather(1, ids_NK.unsqueeze(-1).expand({N, K, D}));
  EXPECT_TRUE(got.equal(want));
  (got * weight).sum().backward();
  (want * weight).sum().backward();
  EXPECT_TRUE(ours.grad().equal(theirs.grad()));
}

TEST(GatherPatchesTest, GivesTheSameGradientToWhoKnowsThePlaces) {
  constexpr int64_t N = 3, L = 7, D = 4;
  for (const int64_t K : {int64_t{2}, L}) {
    const at::Tensor shuffle_NL = at::argsort(at::randn({N, L}), /*stable=*/true, 1);
    const at::Tensor places_NL = at::argsort(shuffle_NL, /*stable=*/true, 1).clamp_max(K);
    const at::Tensor ids_NK = shuffle_NL.narrow(1, 0, K), weight = at::randn({N, K, D});
    const at::Tensor given = at::randn({N, L, D}).set_requires_grad(true);
    const at::Tensor found = given.detach().clone().set_requires_grad(true);
    (gather_patches(given, ids_NK, places_NL) * weight).sum().backward();
    (gather_patches(found, ids_NK) * weight).sum().backward();
    EXPECT_TRUE(given.grad().equal(found.grad())) << K << " of " << L;
  }
}

TEST(GatherPatchesTest, NeedsNoGradient) {
  const at::Tensor x_NLD = at::arange(6, at::kFloat).view({1, 3, 2});
  const at::Tensor got = gather_patches(x_NLD, at::tensor({2, 0}, at::kLong).view({1, 2}));
  EXPECT_FALSE(got.requires_grad());
  EXPECT_TRUE(got.equal(at::tensor({4.f, 5.f, 0.f, 1.f}).view({1, 2, 2})));
}

}  // namespace
}  // namespace sslbench
