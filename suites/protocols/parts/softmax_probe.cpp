// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/softmax_probe.h"

#include <algorithm>

#include "datasets/batches/sample_order.h"
#include "suites/ground/schedule.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {

using at::Tensor;

Tensor SoftmaxProbe::scores(const Tensor& x_ND) const {
  return at::baddbmm(bias_K1C, x_ND.unsqueeze(0).expand({weight_KDC.size(0), -1, -1}), weight_KDC);
}

SoftmaxProbe train_probe(const Tensor& x_ND, const Tensor& labels_N, int64_t classes, const ProbeTraining& training) {
  const at::NoGradGuard no_grad;
  const auto K = static_cast<int64_t>(training.learning_rates.size());
  const int64_t N = x_ND.size(0), D = x_ND.size(1);
  SoftmaxProbe probe{at::zeros({K, D, classes}, x_ND.options()), at::zeros({K, 1, classes}, x_ND.options())};
  Tensor weight_momentum = at::zeros_like(probe.weight_KDC), bias_momentum = at::zeros_like(probe.bias_K1C);
  const Tensor rates_K11 = at::tensor(training.learning_rates, at::kFloat).view({K, 1, 1}).to(x_ND.device());
  const Tensor one_hot_NC = at::zeros({N, classes}, x_ND.options()).scatter_(1, labels_N.unsqueeze(1), 1.0);
  SampleOrder order(training.seed, N, training.batch_size, /*drop_last=*/false);
  const int64_t steps = order.steps_per_epoch() * training.epochs;
  for (int64_t step = 0; step < steps; ++step) {
    if (step % order.steps_per_epoch() == 0 && training.stop()) throw Interrupted{};
    const BatchPlan plan = order.at(step);
    const Tensor index_B = at::tensor(plan.samples, at::kLong).to(x_ND.device());
    const Tensor x_BD = x_ND.index_select(0, index_B);
    Tensor error_KBC = at::softmax(probe.scores(x_BD), 2) - one_hot_NC.index_select(0, index_B);
    error_KBC /= static_cast<double>(plan.samples.size());
    const Tensor x_KDB = x_BD.t().unsqueeze(0).expand({K, -1, -1});
    weight_momentum.mul_(training.momentum)
        .add_(at::bmm(x_KDB, error_KBC))
        .add_(probe.weight_KDC, training.weight_decay);
    bias_momentum.mul_(training.momentum).add_(error_KBC.sum(1, true));
    const double share = cosine(1, 0, step, steps);
    probe.weight_KDC.sub_(weight_momentum * rates_K11, share);
    probe.bias_K1C.sub_(bias_momentum * rates_K11, share);
  }
  return probe;
}

}  // namespace sslbench
