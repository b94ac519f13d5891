// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/training/step.h"

namespace sslbench {
namespace {

Loss without_gradient(Loss loss) {
  loss.total = loss.total.detach();
  for (auto& [name, term] : loss.terms) term = term.detach();
  if (loss.embedding_ND.defined()) loss.embedding_ND = loss.embedding_ND.detach();
  return loss;
}

}  // namespace

Step::Step(const TrainTask& task, const TrainSettings& settings, at::Device device)
    : task_(task),
      device_(device.type()),
      bf16_(settings.precision == Precision::bf16),
      kernels_(settings.kernels),
      clip_norm_(settings.clip_norm),
      clipping_(settings.clipping),
      trainable_(task.module.trainable()),
      group_(ranks()),
      gradients_(trainable_),
      optimizer_(
          make_optimizer(settings.optimizer, optimizer_parameters(trainable_, task.rule, settings.layer_decay))) {}

StepOutcome Step::operator()(const PreparedStep& prepared, const Progress& progress, const StepRates& rates) {
  for (const auto& [name, parameter] : trainable_) parameter.mutable_grad() = Tensor();
  Loss loss = forward(prepared, progress);
  if (!group_.alone()) loss.total = loss.total * group_.weight();
  loss.total.backward();
  if (!group_.alone()) gradients_.sum(group_);
  if (task_.after_backward) task_.after_backward(progress);
  const Tensor norm = clip_gradients(trainable_, clip_norm_, clipping_);
  optimizer_->step(rates);
  Progress done = progress;
  ++done.step;
  if (task_.after_step) task_.after_step(done);
  return {without_gradient(std::move(loss)), norm};
}

std::vector<NamedTensor> Step::state() const {
  std::vector<NamedTensor> out;
  for (const auto& [name, tensor] : optimizer_->state()) out.emplace_back("optimizer." + name, tensor);
  return out;
}

Loss Step::forward(const PreparedStep& prepared, const Progress& progress) const {
  const Autocast autocast(device_, bf16_);
  const ChosenKernels chosen(kernels_);
  return prepared.loss(progress);
}

}  // namespace sslbench
