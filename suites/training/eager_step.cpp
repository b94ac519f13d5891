// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/recompute/recompute.h"
#include "suites/training/step.h"

namespace sslbench {
namespace {

Loss without_gradient(Loss loss) {
  loss.total = loss.total.detach();
  for (auto& [name, term] : loss.terms) term = term.detach();
  if (loss.embedding_ND.defined()) loss.embedding_ND = loss.embedding_ND.detach();
  return loss;
}

// Of a batch in parts: sums of their shares. Only what is watched for collapse is that of the last.
Loss joined(Loss all, Loss part) {
  part.total = all.total + part.total;
  for (auto& [name, term] : part.terms) {
    for (const auto& [earlier, value] : all.terms) {
      if (earlier == name) term = term + value;
    }
  }
  return part;
}

}  // namespace

Step::Step(const TrainTask& task, const TrainSettings& settings, at::Device device)
    : task_(task),
      optimizer_(make_optimizer(settings.optimizer,
                                optimizer_parameters(task.module.trainable(), task.rule, settings.layer_decay))),
      device_(device.type()),
      autocast_(autocast_type(settings.precision)),
      kernels_(settings.kernels),
      recompute_(settings.recompute),
      clip_norm_(settings.clip_norm),
      clipping_(settings.clipping),
      trainable_(task.module.trainable()),
      group_(ranks()),
      gradients_(trainable_) {
  if (settings.precision == Precision::fp16) scaler_.emplace(device);
}

StepOutcome Step::operator()(const PreparedStep& prepared, const Progress& progress, const StepRates& rates) {
  StepOutcome out = update(prepared, progress, &rates);
  finish(progress);
  return out;
}

StepOutcome Step::update(const PreparedStep& prepared, const Progress& progress, const StepRates* rates) {
  for (const auto& [name, parameter] : trainable_) parameter.mutable_grad() = Tensor();
  Loss loss = add_gradients(prepared, progress);
  for (const PreparedStep& part : prepared.rest) loss = joined(std::move(loss), add_gradients(part, progress));
  if (!group_.alone()) gradients_.sum(group_);
  phases_.enter(Phase::update);
  const Tensor overflowed = scaler_ ? scaler_->unscale(trainable_) : Tensor();
  if (task_.after_backward) task_.after_backward(progress);
  const Tensor norm = clip_gradients(trainable_, clip_norm_, clipping_);
  rates != nullptr ? optimizer_->step(*rates, overflowed) : optimizer_->step_held(overflowed);
  StepOutcome out{std::move(loss), norm};
  if (scaler_) out.scaling = scaler_->update(overflowed);
  return out;
}

void Step::finish(const Progress& progress) {
  Progress done = progress;
  ++done.step;
  if (task_.after_step) task_.after_step(done);
  phases_.enter(Phase::other);
}

Loss Step::add_gradients(const PreparedStep& part, const Progress& progress) {
  const Recomputation recomputes(recompute_);
  Loss loss = forward(part, progress);
  const double counts = part.share * (group_.alone() ? 1 : group_.weight());
  if (counts != 1) {
    loss.total = loss.total * counts;
    for (auto& [name, term] : loss.terms) term = term * counts;
  }
  phases_.enter(Phase::backward);
  (scaler_ ? scaler_->scaled(loss.total) : loss.total).backward();
  return without_gradient(std::move(loss));
}

std::vector<NamedTensor> Step::state() const {
  std::vector<NamedTensor> out;
  for (const auto& [name, tensor] : optimizer_->state()) out.emplace_back("optimizer." + name, tensor);
  if (!scaler_) return out;
  for (const auto& [name, tensor] : scaler_->state()) out.emplace_back("loss_scaler." + name, tensor);
  return out;
}

Loss Step::forward(const PreparedStep& part, const Progress& progress) {
  phases_.enter(Phase::forward);
  const Autocast autocast(device_, autocast_);
  const ChosenKernels chosen(kernels_);
  return part.loss(progress);
}

}  // namespace sslbench
