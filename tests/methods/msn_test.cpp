// SPDX-License-Identifier: Apache-2.0
#include "methods/msn.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"

namespace sslbench {
namespace {

TEST(MsnTest, MeMaxIsZeroWhenPrototypesAreUsedAlikeAndLogPWhenOneIs) {
  const Tensor alike = at::log_softmax(1e3 * at::eye(4), 1),
               one = at::log_softmax(1e3 * at::eye(4)[0].expand({4, 4}), 1);
  EXPECT_NEAR(msn::me_max(msn::log_mean(alike)).item<double>(), 0, 1e-6);
  EXPECT_NEAR(msn::me_max(msn::log_mean(one)).item<double>(), std::log(4), 1e-5);
}

TEST(MsnTest, ThePowerLawIsLeastWhereItIsMetAndUniformAtExponent0) {
  const Tensor law = at::log_softmax(-0.5 * at::arange(1, 6, at::kFloat).log(), 0);
  const Tensor uniform = at::log_softmax(at::zeros({5}), 0);
  EXPECT_NEAR(msn::power_law_divergence(law, 0.5).item<double>(), 0, 1e-6);
  EXPECT_GT(msn::power_law_divergence(uniform, 0.5).item<double>(), 0.01);
  EXPECT_NEAR(msn::power_law_divergence(uniform, 0).item<double>(), 0, 1e-6);
}

TEST(MsnTest, SinkhornUsesPrototypesAlikeEvenWhenTheTeacherDoesNot) {
  const Tensor z = formula_tensor({16, 6}, 1, 0.1, 1), prototypes = formula_tensor({4, 6}, 2, 1, 0);
  const auto share = [&](int64_t iterations) {
    return msn::targets(z, prototypes, 0.1, 0.25, iterations).mean(0).max().item<double>();
  };
  EXPECT_GT(share(0), 0.8);
  EXPECT_LT(share(20), 0.3);
}

TEST(MsnTest, NeedsAnAnchor) { EXPECT_THROW(tiny_on_vit("msn", 1), UserError); }

}  // namespace
}  // namespace sslbench
