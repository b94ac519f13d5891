// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(SimSiamTest, OnlyThePredictorKeepsItsRate) {
  const auto method = small_method("simsiam");
  for (const auto& [name, tensor] : method->trainable()) {
    EXPECT_EQ(method->rule(name).constant_rate, name.starts_with("predictor.")) << name;
  }
  const auto plain = small_method("simsiam", {{"predictor_constant_rate", false}});
  EXPECT_FALSE(plain->rule("predictor.linear1.weight").constant_rate);
}

TEST(SimSiamTest, TheProjectorsLastNormHasNoScaleAndThePredictorEndsBare) {
  const auto names = small_method("simsiam")->parameters();
  EXPECT_TRUE(tensor_named(names, "projector.norm2.weight").defined());
  EXPECT_FALSE(tensor_named(names, "projector.norm3.weight").defined());
  EXPECT_FALSE(tensor_named(names, "predictor.norm2.weight").defined());
  EXPECT_TRUE(tensor_named(names, "predictor.linear2.bias").defined());
}

TEST(SimSiamTest, DoesNotDependOnTheOrderOfTheViews) {
  TrainBatch batch = noise_batch(8);
  const double straight = small_method("simsiam")->loss(batch, {}).total.item<double>();
  std::swap(batch.views[0], batch.views[1]);
  EXPECT_NEAR(small_method("simsiam")->loss(batch, {}).total.item<double>(), straight, 1e-5);
}

}  // namespace
}  // namespace sslbench
