// SPDX-License-Identifier: Apache-2.0
#include "methods/nnclr.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

// Predictions that lie alike to the neighbours, but not to each other: orthogonal, or all the same, in four dimensions
// that no neighbour has.
TEST(NnclrTest, CrossNegativesLeaveOutPredictionsAmongThemselves) {
  const Tensor none = at::zeros({4, 4}), first = at::eye(4).narrow(0, 0, 1).expand({4, 4});
  const Tensor nn = at::cat({at::eye(4), none}, 1);
  const Tensor apart = at::cat({at::eye(4), at::eye(4)}, 1), together = at::cat({at::eye(4), first}, 1);
  const auto gap = [&](nnclr::Negatives negatives) {
    return (nnclr::nnclr_loss(nn, nn, together, together, 0.5, negatives) -
            nnclr::nnclr_loss(nn, nn, apart, apart, 0.5, negatives))
        .item<double>();
  };
  EXPECT_NEAR(gap(nnclr::Negatives::cross), 0, 1e-6);
  EXPECT_GT(gap(nnclr::Negatives::nt_xent), 0.1);
}

TEST(NnclrTest, StoresTheProjectionsOfOneViewOnly) {
  const auto method = small_method("nnclr");
  method->loss(noise_batch(8), {});
  EXPECT_EQ(tensor_named(method->buffers(), "queue.pointer").item<int64_t>(), 8);
  EXPECT_LT((tensor_named(method->buffers(), "queue.rows").norm(2, {1}) - 1).abs().max().item<double>(), 1e-5);
}

}  // namespace
}  // namespace sslbench
