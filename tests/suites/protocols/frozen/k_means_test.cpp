// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/k_means.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

Tensor heaps() {
  at::Generator generator = at::detail::createCPUGenerator(7);
  const Tensor centre_3D = at::tensor({0.f, 0.f, 10.f, 0.f, 0.f, 10.f}).view({3, 2});
  return centre_3D.repeat({20, 1}) + 0.5 * at::randn({60, 2}, generator);
}

TEST(KMeansTest, FindsHeapsThatLieApart) {
  const Tensor x_ND = heaps();
  const KMeans means = k_means(x_ND, {.clusters = 3, .restarts = 3});
  const Tensor found_N = means.nearest(x_ND);
  for (int64_t i = 3; i < 60; ++i) EXPECT_TRUE(found_N[i].equal(found_N[i % 3])) << i;
  const Tensor heap_ND = x_ND.slice(0, 0, 60, 3);
  EXPECT_TRUE(at::allclose(means.centre_KD[found_N[0].item<int64_t>()], heap_ND.mean(0), 1e-5, 1e-5));
}

TEST(KMeansTest, MoreStartsAreNeverWorseAndTheSameSeedGivesTheSameBits) {
  const Tensor x_ND = heaps();
  double last = std::numeric_limits<double>::infinity();
  for (const int64_t restarts : {1, 4, 16}) {
    const KMeans means = k_means(x_ND, {.clusters = 7, .restarts = restarts});
    EXPECT_LE(means.inertia, last);
    last = means.inertia;
    EXPECT_TRUE(k_means(x_ND, {.clusters = 7, .restarts = restarts}).centre_KD.equal(means.centre_KD));
  }
}

TEST(KMeansTest, EqualRowsAndAsManyClustersAsRowsAreNoTrouble) {
  EXPECT_EQ(k_means(at::ones({5, 2}), {.clusters = 3}).inertia, 0);
  EXPECT_NEAR(k_means(at::arange(6, at::kFloat).view({6, 1}), {.clusters = 6, .restarts = 4}).inertia, 0, 1e-9);
  EXPECT_THROW(k_means(at::ones({2, 2}), {.clusters = 3}), InternalError);
}

}  // namespace
}  // namespace sslbench
