// SPDX-License-Identifier: Apache-2.0
#include "methods/deepcluster_v2.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace deepcluster_v2;

TEST(DeepClusterV2Test, ABatchOfImagesNeverSeenCostsNothing) {
  const Tensor loss = cluster_loss(at::ones({2, 3, 4}), at::full({3}, -100, at::kLong), 0.1, -100);
  EXPECT_EQ(loss.item<float>(), 0);
}

TEST(DeepClusterV2Test, ImagesNeverSeenHaveNoClusterUntilTheEpochAfterTheyWere) {
  const auto method = small_method("deepcluster_v2", {{"prototypes", 4}, {"heads", 1}}, "resnet18", 32);
  const Tensor clusters_HE = tensor_named(method->state(), "clusters");
  {
    const at::NoGradGuard no_grad;
    method->observe(smooth_batch(2, 16));
  }
  method->loss(smooth_batch(2, 16, 16), {0, 40, 4});
  EXPECT_EQ(clusters_HE.ge(0).sum().item<int64_t>(), 16);
  for (int64_t step = 1; step < 4; ++step) method->after_step({step, 40, 4});
  EXPECT_EQ(clusters_HE.ge(0).sum().item<int64_t>(), 16);
  method->after_step({4, 40, 4});
  EXPECT_EQ(clusters_HE.ge(0).sum().item<int64_t>(), 32);
}

TEST(DeepClusterV2Test, CentroidsHaveUnitLengthAndAreNotTrained) {
  const auto method = small_method("deepcluster_v2", {{"prototypes", 4}}, "resnet18", 32);
  {
    const at::NoGradGuard no_grad;
    method->observe(smooth_batch(2, 16));
  }
  method->loss(smooth_batch(2, 16), {0, 40, 4});
  const Tensor centroids_HKD = tensor_named(method->state(), "centroids");
  EXPECT_LT((centroids_HKD.norm(2, {2}, false) - 1).abs().max().item<float>(), 1e-5f);
  EXPECT_FALSE(centroids_HKD.requires_grad());
}

TEST(DeepClusterV2Test, FewerImagesThanClustersIsTheUsersMistake) {
  const auto method = small_method("deepcluster_v2", {{"prototypes", 64}}, "resnet18", 32);
  EXPECT_THROW(method->loss(smooth_batch(2, 16), {0, 40, 4}), UserError);
}

}  // namespace
}  // namespace sslbench
