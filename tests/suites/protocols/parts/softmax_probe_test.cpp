// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/softmax_probe.h"

#include <gtest/gtest.h>

#include "datasets/batches/sample_order.h"
#include "suites/ground/schedule.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

class SoftmaxProbeTest : public testing::Test {
 protected:
  SoftmaxProbeTest() {
    at::manual_seed(5);
    x_ND_ = at::randn({70, 6}, at::kDouble);
    labels_N_ = at::randint(0, 4, {70}, at::kLong);
  }
  ProbeTraining training(std::vector<double> rates) const {
    return {.learning_rates = std::move(rates),
            .epochs = 3,
            .batch_size = 32,
            .momentum = 0.9,
            .weight_decay = 0.01,
            .seed = 2,
            .stop = [] { return false; }};
  }
  Tensor x_ND_, labels_N_;
};

// SGD as it stands in books, on the gradient that autograd finds.
TEST_F(SoftmaxProbeTest, IsSgdOnTheMeanCrossEntropy) {
  const ProbeTraining settings = training({0.3});
  const SoftmaxProbe probe = train_probe(x_ND_, labels_N_, 4, settings);
  Tensor weight = at::zeros({6, 4}, at::kDouble).requires_grad_(), bias = at::zeros({4}, at::kDouble).requires_grad_();
  Tensor weight_momentum = at::zeros({6, 4}, at::kDouble), bias_momentum = at::zeros({4}, at::kDouble);
  SampleOrder order(settings.seed, 70, settings.batch_size, false);
  const int64_t steps = order.steps_per_epoch() * settings.epochs;
  for (int64_t step = 0; step < steps; ++step) {
    const Tensor index = at::tensor(order.at(step).samples, at::kLong);
    const Tensor scores = at::addmm(bias, x_ND_.index_select(0, index), weight);
    at::cross_entropy_loss(scores, labels_N_.index_select(0, index)).backward();
    const at::NoGradGuard no_grad;
    const double rate = 0.3 * cosine(1, 0, step, steps);
    weight_momentum = weight_momentum * 0.9 + weight.grad() + 0.01 * weight;
    bias_momentum = bias_momentum * 0.9 + bias.grad();
    weight.sub_(rate * weight_momentum);
    bias.sub_(rate * bias_momentum);
    weight.mutable_grad().reset();
    bias.mutable_grad().reset();
  }
  EXPECT_TRUE(at::allclose(probe.weight_DKC, weight.detach(), 1e-10, 1e-12));
  EXPECT_TRUE(at::allclose(probe.bias_KC, bias.detach(), 1e-10, 1e-12));
}

// One epoch is one step here. torch.optim.SGD(nesterov=True): the gradient plus momentum times the new velocity.
TEST_F(SoftmaxProbeTest, NesterovAndStepsAreThoseOfTorch) {
  ProbeTraining settings = training({0.3});
  settings.batch_size = 70, settings.epochs = 5, settings.weight_decay = 0;
  settings.nesterov = settings.steps = true;
  const SoftmaxProbe probe = train_probe(x_ND_, labels_N_, 4, settings);
  const Tensor target_NC = at::one_hot(labels_N_, 4).to(at::kDouble);
  Tensor weight = at::zeros({6, 4}, at::kDouble), bias = at::zeros({4}, at::kDouble),
         velocity = at::zeros({6, 4}, at::kDouble);
  Tensor bias_velocity = at::zeros({4}, at::kDouble);
  for (const double rate : {0.3, 0.3, 0.3, 0.03, 0.003}) {
    const Tensor error = (at::softmax(at::addmm(bias, x_ND_, weight), 1) - target_NC) / 70;
    const Tensor gradient = x_ND_.t().mm(error), bias_gradient = error.sum(0);
    velocity = velocity * 0.9 + gradient;
    bias_velocity = bias_velocity * 0.9 + bias_gradient;
    weight = weight - rate * (gradient + 0.9 * velocity);
    bias = bias - rate * (bias_gradient + 0.9 * bias_velocity);
  }
  EXPECT_TRUE(at::allclose(probe.weight_DKC, weight, 1e-10, 1e-12));
  EXPECT_TRUE(at::allclose(probe.bias_KC, bias, 1e-10, 1e-12));
}

TEST_F(SoftmaxProbeTest, EveryRateIsTrainedAsIfAlone) {
  const std::vector<double> rates = {0.01, 0.1, 1};
  const SoftmaxProbe together = train_probe(x_ND_, labels_N_, 4, training(rates));
  const Tensor scores = together.scores(x_ND_), accuracies = together.accuracies(x_ND_, labels_N_);
  ASSERT_EQ(scores.sizes(), at::IntArrayRef({3, 70, 4}));
  for (size_t k = 0; k < rates.size(); ++k) {
    const SoftmaxProbe alone = train_probe(x_ND_, labels_N_, 4, training({rates[k]}));
    const auto place = static_cast<int64_t>(k);
    EXPECT_TRUE(at::allclose(scores[place], alone.scores(x_ND_)[0], 1e-10, 1e-12)) << rates[k];
    EXPECT_EQ(accuracies[place].item<float>(), alone.accuracies(x_ND_, labels_N_).item<float>());
  }
}

TEST_F(SoftmaxProbeTest, ScoresThatAreNotFiniteAnswerNothing) {
  SoftmaxProbe probe = train_probe(x_ND_, labels_N_, 4, training({0.1}));
  const double before = probe.accuracies(x_ND_, labels_N_).item<double>();
  EXPECT_GT(before, 0.2);
  probe.bias_KC[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(probe.accuracies(x_ND_, labels_N_).item<double>(), 0);
}

}  // namespace
}  // namespace sslbench
