// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/linear_objective.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr double kC = 0.5;

class LinearObjectiveTest : public testing::TestWithParam<LinearLoss> {
 protected:
  static LinearTask task(double scale = 1) {
    at::Generator generator = at::detail::createCPUGenerator(5);
    const Tensor x_ND = at::randn({60, 4}, generator, at::kDouble) * scale;
    LinearTask out{GetParam(), x_ND, at::one_hot(at::arange(60) % 3, 3).to(at::kDouble), {}};
    if (GetParam() == LinearLoss::sigmoids) out.known_NC = at::ones_like(out.target_NC).index_fill(0, at::arange(5), 0);
    return out;
  }
  static Tensor theta() {
    at::Generator generator = at::detail::createCPUGenerator(6);
    return at::randn({3, 5}, generator, at::kDouble);
  }
};

INSTANTIATE_TEST_SUITE_P(Losses, LinearObjectiveTest, testing::Values(LinearLoss::softmax, LinearLoss::sigmoids));

TEST_P(LinearObjectiveTest, TheGradientIsHowTheValueChanges) {
  const LinearObjective objective(task());
  const auto value = [&](const Tensor& theta_CE) { return objective.at(theta_CE, kC, Rounding::float64).value; };
  const ObjectivePoint here = objective.at(theta(), kC, Rounding::float64);
  for (int64_t c = 0; c < 3; ++c) {
    for (int64_t e = 0; e < 5; ++e) {
      Tensor up = theta(), down = theta();
      up[c][e] += 1e-5, down[c][e] -= 1e-5;
      EXPECT_NEAR(here.gradient_CE[c][e].item<double>(), (value(up) - value(down)) / 2e-5, 1e-8);
    }
  }
}

TEST_P(LinearObjectiveTest, Float32TellsTheGradientBetterThanItsLeastTold) {
  const LinearObjective objective(task());
  const ObjectivePoint quick = objective.at(theta(), kC, Rounding::float32);
  const ObjectivePoint exact = objective.at(theta(), kC, Rounding::float64);
  EXPECT_LT((quick.gradient_CE - exact.gradient_CE).abs().max().item<double>(), objective.least_told() / 10);
  EXPECT_GT((quick.gradient_CE - exact.gradient_CE).abs().max().item<double>(), 0);  // it is another arithmetic
  EXPECT_NEAR(quick.value, exact.value, 1e-6 * exact.value);
}

// Squares of 1e25 are none that float32 has.
TEST_P(LinearObjectiveTest, AFitOfFeaturesBeyondFloat32sRangeIsFoundInFloat64) {
  const LinearTask huge = task(1e25);
  const LinearFit fit = fit_linear(huge, 1e-50, {.tolerance = 1e20});
  EXPECT_TRUE(fit.converged);
  EXPECT_TRUE(fit.theta_EC.isfinite().all().item<bool>());
}

TEST_P(LinearObjectiveTest, AFitEndsWhereFloat64SaysThatTheGradientIsSmall) {
  for (const double tolerance : {1e-3, 1e-5, 1e-7}) {
    const LinearFit fit = fit_linear(task(), kC, {.tolerance = tolerance});
    ASSERT_TRUE(fit.converged);
    const Tensor theta_CE = fit.theta_EC.t().contiguous();
    EXPECT_LE(LinearObjective(task()).at(theta_CE, kC, Rounding::float64).steepest(), tolerance);
  }
}

}  // namespace
}  // namespace sslbench
