// SPDX-License-Identifier: Apache-2.0
#include "suites/training/pending_scalars.h"

#include <cmath>
#include <string>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {

namespace {

constexpr int64_t kScaledValues = 4;  // of a step whose loss was scaled

StepScalars scalars_of(const double* value, int64_t values) {
  StepScalars out{value[0], value[1]};
  if (values == kScaledValues) {
    out.skipped = value[2] != 0;
    out.loss_scale = value[3];
  }
  return out;
}

}  // namespace

void PendingScalars::add(int64_t step, const at::Tensor& loss, const at::Tensor& gradient_norm,
                         const std::optional<LossScaling>& scaling) {
  pending_.push_back({step, {loss.detach(), gradient_norm.detach()}});
  if (!scaling) return;
  auto& values = pending_.back().values;
  values.insert(values.end(), {scaling->overflowed, scaling->scale});
}

std::optional<StepScalars> PendingScalars::read(Ranks& group) {
  if (pending_.empty()) return std::nullopt;
  std::vector<at::Tensor> scalars;
  for (const Pending& one : pending_) scalars.insert(scalars.end(), one.values.begin(), one.values.end());
  const at::Tensor values = at::stack(scalars).to(at::kCPU, at::kDouble);  // one transfer for all
  const auto width = static_cast<int64_t>(pending_.front().values.size());
  if (!group.alone()) {
    const at::Tensor losses = values.slice(0, 0, values.size(0), width).contiguous();
    group.sum(losses);
    values.slice(0, 0, values.size(0), width).copy_(losses);
  }
  const auto* value = values.const_data_ptr<double>();
  StepScalars newest;
  for (const Pending& one : pending_) {
    newest = scalars_of(value, width);
    value += width;
    check(one.step, newest);
  }
  pending_.clear();
  return newest;
}

void PendingScalars::check(int64_t step, const StepScalars& values) const {
  const auto fail = [&](const std::string& what, const std::string& advice) {
    throw RunFailure(FailureKind::non_finite,
                     what + " at step " + std::to_string(step) + " of " + std::to_string(steps_) + "; try " + advice);
  };
  const bool scaled = values.loss_scale >= 0;
  const std::string advice =
      std::string(scaled ? "precision = \"bf16\" or \"fp32\", " : "") + "a smaller learning rate or clip_norm";
  if (!std::isfinite(values.loss)) fail("loss is not finite", advice);
  if (!values.skipped && !std::isfinite(values.gradient_norm)) fail("gradient norm is not finite", advice);
  if (scaled && values.loss_scale < LossScaler::kLeastScale) {
    fail("gradients are not finite whatever the loss scale, which has halved down to nothing", advice);
  }
}

}  // namespace sslbench
