// SPDX-License-Identifier: Apache-2.0
#include "suites/training/pending_scalars.h"

#include <cmath>
#include <string>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {

void PendingScalars::add(int64_t step, const at::Tensor& loss, const at::Tensor& gradient_norm) {
  pending_.push_back({step, loss.detach(), gradient_norm.detach()});
}

std::optional<StepScalars> PendingScalars::read(Ranks& group) {
  if (pending_.empty()) return std::nullopt;
  std::vector<at::Tensor> scalars;
  for (const Pending& one : pending_) scalars.insert(scalars.end(), {one.loss, one.gradient_norm});
  const at::Tensor values = at::stack(scalars).to(at::kCPU, at::kDouble);  // one transfer for all
  if (!group.alone()) {
    const at::Tensor losses = values.slice(0, 0, values.size(0), 2).contiguous();
    group.sum(losses);
    values.slice(0, 0, values.size(0), 2).copy_(losses);
  }
  const auto* value = values.const_data_ptr<double>();
  StepScalars newest;
  for (const Pending& one : pending_) {
    newest = {value[0], value[1]};
    value += 2;
    check(one.step, "loss", newest.loss);
    check(one.step, "gradient norm", newest.gradient_norm);
  }
  pending_.clear();
  return newest;
}

void PendingScalars::check(int64_t step, const char* what, double value) const {
  if (std::isfinite(value)) return;
  throw RunFailure(FailureKind::non_finite, std::string(what) + " is not finite at step " + std::to_string(step) +
                                                " of " + std::to_string(steps_) +
                                                "; try a smaller learning rate or clip_norm");
}

}  // namespace sslbench
