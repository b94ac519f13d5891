// SPDX-License-Identifier: Apache-2.0
#include "methods/byol.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(ByolTest, RunsFrom0To4InEachDirectionWhateverTheLengths) {
  const Tensor z = noise({6, 8}, 1), w = noise({6, 8}, 2);
  EXPECT_NEAR(byol::regression_loss(2 * z, 3 * w, w, z, true).item<double>(), 0, 1e-5);
  EXPECT_NEAR(byol::regression_loss(-2 * z, -3 * w, w, z, true).item<double>(), 8, 1e-5);
}

TEST(ByolTest, TheTargetStartsAsACopyAndMovesByOneMinusM) {
  const auto method = small_method("byol", {{"momentum", 0.75}, {"momentum_schedule", "constant"}});
  const Tensor online = tensor_named(method->parameters(), "projector.linear1.weight");
  const Tensor target = tensor_named(method->parameters(), "momentum_projector.linear1.weight");
  EXPECT_TRUE(target.equal(online));
  EXPECT_FALSE(target.requires_grad());
  const Tensor before = target.clone();
  {
    const at::NoGradGuard no_grad;
    online.add_(1);
  }
  method->after_step({.step = 1, .steps = 10});
  EXPECT_LT((target - before - 0.25).abs().max().item<double>(), 1e-6);
}

}  // namespace
}  // namespace sslbench
