// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/softmax_probe.h"

#include <algorithm>

#include "datasets/batches/sample_order.h"
#include "suites/ground/schedule.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"
#include "suites/training/stage_context.h"

namespace sslbench {

using at::Tensor;

SoftmaxProbe::SoftmaxProbe(int64_t width, int64_t rates, int64_t classes, const at::TensorOptions& options)
    : weight_DKC(at::zeros({width, rates * classes}, options)),
      bias_KC(at::zeros({rates * classes}, options)),
      rates_(rates) {}

Tensor SoftmaxProbe::scores(const Tensor& x_ND) const {
  return at::addmm(bias_KC, x_ND, weight_DKC).view({x_ND.size(0), rates_, -1}).transpose(0, 1);
}

Tensor SoftmaxProbe::accuracies(const Tensor& x_ND, const Tensor& labels_N) const {
  constexpr int64_t kChunk = 8192;
  const int64_t N = x_ND.size(0);
  Tensor right_K = at::zeros({rates_}, x_ND.options().dtype(at::kDouble));
  for (int64_t first = 0; first < N; first += kChunk) {
    const int64_t count = std::min(kChunk, N - first);
    const Tensor scores_KNC = scores(x_ND.narrow(0, first, count));
    const Tensor hits_KN = scores_KNC.argmax(2).eq(labels_N.narrow(0, first, count).unsqueeze(0));
    right_K += hits_KN.logical_and(scores_KNC.isfinite().all(2)).sum(1);
  }
  return (right_K / static_cast<double>(N)).to(at::kFloat);
}

namespace {

// What is left of the rate at a step.
double rate_share(const ProbeTraining& training, int64_t step, int64_t steps) {
  if (!training.steps) return cosine(1, 0, step, steps);
  const int64_t epoch = step / (steps / training.epochs);  // a whole number of steps each
  return 5 * epoch >= 4 * training.epochs ? 0.01 : 5 * epoch >= 3 * training.epochs ? 0.1 : 1.0;
}

// Nesterov's step, the gradient plus momentum times the new velocity, from the velocity before and after; else that
// after.
Tensor direction(const Tensor& velocity, const Tensor& before, const ProbeTraining& training) {
  return training.nesterov ? velocity * (1 + training.momentum) - before * training.momentum : velocity;
}

// Numbers of all images in the order of an epoch, beside x_ND: one copy to a GPU, not one a step.
Tensor images_of_epoch(const ProbeTraining& training, int64_t epoch, const Tensor& x_ND) {
  return to_device(at::tensor(epoch_order(training.seed, epoch, x_ND.size(0)), at::kLong), x_ND.device());
}

}  // namespace

SoftmaxProbe train_probe(const Tensor& x_ND, const Tensor& labels_N, int64_t classes, const ProbeTraining& training) {
  const at::NoGradGuard no_grad;
  const auto K = static_cast<int64_t>(training.learning_rates.size());
  const int64_t N = x_ND.size(0);
  SoftmaxProbe probe(x_ND.size(1), K, classes, x_ND.options());
  Tensor weight_momentum = at::zeros_like(probe.weight_DKC), bias_momentum = at::zeros_like(probe.bias_KC);
  const Tensor rates_KC =
      at::tensor(training.learning_rates, at::kDouble).repeat_interleave(classes).to(x_ND.options());
  SampleOrder order(training.seed, N, training.batch_size, /*drop_last=*/false);
  const int64_t steps = order.steps_per_epoch() * training.epochs;
  Tensor epoch_N;
  for (int64_t step = 0; step < steps; ++step) {
    const int64_t in_epoch = step % order.steps_per_epoch();
    if (in_epoch == 0 && training.stop()) throw Interrupted{};
    if (in_epoch == 0) epoch_N = images_of_epoch(training, step / order.steps_per_epoch(), x_ND);
    const int64_t first = in_epoch * training.batch_size, B = std::min(training.batch_size, N - first);
    const Tensor index_B = epoch_N.narrow(0, first, B);
    const Tensor x_BD = x_ND.index_select(0, index_B);
    Tensor error_BKC = at::softmax(at::addmm(probe.bias_KC, x_BD, probe.weight_DKC).view({B, K, classes}), 2);
    const Tensor label_BK1 = labels_N.index_select(0, index_B).view({B, 1, 1}).expand({B, K, 1});
    error_BKC.scatter_add_(2, label_BK1, at::full({1}, -1.0, x_ND.options()).expand({B, K, 1}));
    const Tensor error = error_BKC.view({B, K * classes});
    const double mean = 1.0 / static_cast<double>(B);
    const Tensor weight_before = training.nesterov ? weight_momentum.clone() : Tensor(),
                 bias_before = training.nesterov ? bias_momentum.clone() : Tensor();
    weight_momentum.addmm_(x_BD.t(), error, training.momentum, mean);
    if (training.weight_decay != 0) weight_momentum.add_(probe.weight_DKC, training.weight_decay);
    bias_momentum.mul_(training.momentum).add_(error.sum(0), mean);
    const double share = rate_share(training, step, steps);
    probe.weight_DKC.addcmul_(direction(weight_momentum, weight_before, training), rates_KC, -share);
    probe.bias_KC.addcmul_(direction(bias_momentum, bias_before, training), rates_KC, -share);
  }
  return probe;
}

}  // namespace sslbench
