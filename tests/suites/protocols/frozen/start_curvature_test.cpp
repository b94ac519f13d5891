// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/start_curvature.h"

#include <gtest/gtest.h>

#include "suites/protocols/frozen/linear_fit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

// Features as networks give them: variance falls with the square of the direction's rank, directions lie askew.
LinearTask askew(int64_t N, int64_t D, int64_t C) {
  at::Generator generator = at::detail::createCPUGenerator(5);
  const Tensor label_N = at::randint(C, {N}, generator, at::kLong);
  const Tensor centre_CD = at::randn({C, D}, generator, at::kDouble) * 0.6;
  const Tensor turn_DD = std::get<0>(at::linalg_qr(at::randn({D, D}, generator, at::kDouble)));
  const Tensor spread_D = 1 / at::arange(1, D + 1, at::kDouble);
  const Tensor x_ND = at::randn({N, D}, generator, at::kDouble) + centre_CD.index_select(0, label_N);
  return {LinearLoss::softmax, at::mm(x_ND * spread_D, turn_DD) * 10, at::one_hot(label_N, C).to(at::kDouble), {}};
}

TEST(StartCurvatureTest, IsTheInverseOfThePenalisedMoment) {
  const LinearTask task = askew(200, 6, 3);
  const Tensor moment_EE = second_moment(task.x_ND);
  const Tensor gradient_EC = at::ones({7, 3}, at::kDouble);
  Tensor curvature_EE = moment_EE / 3;
  curvature_EE.diagonal().narrow(0, 0, 6).add_(0.5);
  const Tensor step_EC = StartCurvature(moment_EE, 1.0 / 3, 0.5).step(gradient_EC);
  EXPECT_TRUE(at::allclose(at::mm(curvature_EE, step_EC), gradient_EC, 1e-9, 1e-9));
}

TEST(StartCurvatureTest, LooksAtImagesOfAllPartsOfTheSet) {
  Tensor x_ND = at::zeros({4000, 2}, at::kDouble);
  x_ND.narrow(0, 2000, 2000).fill_(1);
  EXPECT_NEAR(second_moment(x_ND)[0][0].item<double>(), 0.5, 1e-3);
}

TEST(StartCurvatureTest, IsUnknownOfFewerImagesThanFeaturesAndOfTooManyFeatures) {
  EXPECT_FALSE(second_moment(at::ones({5, 6}, at::kDouble)).defined());
  EXPECT_FALSE(second_moment(at::ones({5000, StartCurvature::kMostFeatures + 1}, at::kDouble)).defined());
  const StartCurvature unknown({}, 1, 1);
  EXPECT_FALSE(unknown.known());
  EXPECT_TRUE(at::equal(unknown.step(at::ones({2, 2}, at::kDouble)), at::ones({2, 2}, at::kDouble)));
}

TEST(StartCurvatureTest, ASingularMomentWithoutPenaltyIsUnknown) {
  const StartCurvature nothing(at::zeros({4, 4}, at::kDouble), 1, 0);
  EXPECT_FALSE(nothing.known());
}

// 86 steps against 15 when this was measured at 10,000 x 512.
TEST(StartCurvatureTest, AFitOfAskewFeaturesTakesFewSteps) {
  const LinearFit fit = fit_linear(askew(2000, 64, 5), 0.1, {.steps = 1000, .tolerance = 1e-6});
  EXPECT_TRUE(fit.converged);
  EXPECT_LT(fit.steps, 40);
}

}  // namespace
}  // namespace sslbench
