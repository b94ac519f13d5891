// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/linear_fit.h"

#include <gtest/gtest.h>

#include "suites/metrics/logistic_regression.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

using at::Tensor;

const FitLimits kExact{.steps = 5000, .tolerance = 1e-11};

class LinearFitTest : public testing::Test {
 protected:
  // Columns of unlike scale, as features are.
  LinearFitTest() {
    at::Generator generator = at::detail::createCPUGenerator(3);
    x_ND_ = at::randn({90, 5}, generator, at::kDouble) * at::tensor({0.1, 1.0, 3.0, 1.0, 10.0}, at::kDouble);
    noise_N_ = at::randn({90}, generator, at::kDouble);
  }
  Tensor labels(int64_t classes) const {
    const Tensor z_N = x_ND_.select(1, 1) + x_ND_.select(1, 2) / 3 + noise_N_;
    return ((z_N + 2) / 4 * static_cast<double>(classes)).floor().clamp(0, classes - 1).to(at::kLong);
  }
  LinearTask task(int64_t classes) const {
    return {LinearLoss::softmax, x_ND_, at::one_hot(labels(classes), classes).to(at::kDouble), {}};
  }
  LogisticFit exact(int64_t classes, double c) const {
    return fit_logistic_regression(matrix_of(x_ND_), integers_of(labels(classes)), classes, c);
  }

  Tensor x_ND_, noise_N_;
};

// The proved form, by Newton's method, is the judge.
TEST_F(LinearFitTest, FindsTheMinimumOfTheMetric) {
  for (const double c : {0.01, 1.0, 50.0}) {
    const LinearFit fit = fit_linear(task(4), c, kExact);
    const LogisticFit wanted = exact(4, c);
    const Tensor weight_DC = fit.theta_EC.narrow(0, 0, 5);
    for (size_t k = 0; k < 4; ++k) {
      for (size_t d = 0; d < 5; ++d) {
        const double found = weight_DC[static_cast<int64_t>(d)][static_cast<int64_t>(k)].item<double>();
        EXPECT_NEAR(found, wanted.weight.at(k, d), 1e-6 * (1 + std::abs(found))) << "C " << c;
      }
    }
  }
}

TEST_F(LinearFitTest, TwoRowsAtHalfTheCAreOneRowOfTheMetric) {
  const LinearFit fit = fit_linear(task(2), 0.5 * 3, kExact);
  const LogisticFit wanted = exact(2, 3);
  const Tensor row_D = fit.theta_EC.narrow(0, 0, 5).select(1, 1) - fit.theta_EC.narrow(0, 0, 5).select(1, 0);
  for (size_t d = 0; d < 5; ++d)
    EXPECT_NEAR(row_D[static_cast<int64_t>(d)].item<double>(), wanted.weight.at(0, d), 1e-5);
  EXPECT_NEAR((fit.theta_EC[5][1] - fit.theta_EC[5][0]).item<double>(), wanted.bias[0], 1e-5);
}

TEST_F(LinearFitTest, EverySigmoidIsTheMetricOfItsClassAgainstTheRest) {
  LinearTask rest = task(3);
  rest.loss = LinearLoss::sigmoids;
  const LinearFit fit = fit_linear(rest, 2, kExact);
  for (int64_t c = 0; c < 3; ++c) {
    const LogisticFit wanted = fit_logistic_regression(matrix_of(x_ND_), integers_of(labels(3).eq(c)), 2, 2);
    for (size_t d = 0; d < 5; ++d) {
      EXPECT_NEAR(fit.theta_EC[static_cast<int64_t>(d)][c].item<double>(), wanted.weight.at(0, d), 1e-5);
    }
  }
}

TEST_F(LinearFitTest, AnUnknownTargetIsAsIfTheImageWereNotThere) {
  LinearTask some = task(3), fewer = task(3);
  some.loss = fewer.loss = LinearLoss::sigmoids;
  some.known_NC = at::ones_like(some.target_NC);
  some.known_NC.narrow(0, 60, 30).fill_(0);
  fewer.x_ND = x_ND_.narrow(0, 0, 60), fewer.target_NC = fewer.target_NC.narrow(0, 0, 60);
  const LinearFit a = fit_linear(some, 1, kExact), b = fit_linear(fewer, 1, kExact);
  EXPECT_TRUE(at::allclose(a.theta_EC, b.theta_EC, 1e-5, 1e-6));
}

TEST_F(LinearFitTest, WhereItStartsChangesHowLongItTakesAndNotWhereItEnds) {
  const FitLimits close{.steps = 5000, .tolerance = 1e-7};
  const LinearFit first = fit_linear(task(4), 1, close), cold = fit_linear(task(4), 1.1, close);
  const LinearFit warm = fit_linear(task(4), 1.1, close, &first);
  EXPECT_TRUE(cold.converged && warm.converged);
  EXPECT_LT(warm.steps, cold.steps);
  EXPECT_TRUE(at::allclose(cold.theta_EC - cold.theta_EC.mean(1, true), warm.theta_EC - warm.theta_EC.mean(1, true),
                           1e-3, 1e-4));
  EXPECT_EQ(fit_linear(task(4), 1, {.steps = 3}).steps, 3);
  EXPECT_FALSE(fit_linear(task(4), 1, {.steps = 3}).converged);
}

TEST_F(LinearFitTest, OfEqualTrialsTheSmallerPenaltyIsTaken) {
  const PenaltyTrials trials = try_penalties(task(4), {0.1, 1, 10}, {}, [](const LinearFit&) { return 0.5; });
  EXPECT_EQ(trials.best, 0u);
  EXPECT_EQ(trials.value.size(), 3u);
  const PenaltyTrials undefined = try_penalties(task(4), {0.1, 1}, {}, [](const LinearFit&) { return std::nan(""); });
  EXPECT_EQ(undefined.best, 0u);
}

TEST_F(LinearFitTest, StopsWhenAsked) {
  EXPECT_THROW(fit_linear(task(4), 1, {.stop = [] { return true; }}), Interrupted);
}

}  // namespace
}  // namespace sslbench
