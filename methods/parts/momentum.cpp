// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/momentum.h"

#include "methods/parts/momentum_schedule.h"
#include "suites/tensors/aten.h"

namespace sslbench {

void move_towards(const std::vector<Tensor>& targets, const std::vector<Tensor>& online, double complement) {
  if (targets.empty()) return;
  const at::NoGradGuard no_grad;
  at::_foreach_lerp_(targets, online, complement);
}

void MomentumPairs::follow(Module& online, Module& target) {
  target.freeze();
  const std::string difference = copy_tensors(online.state(), target.state());
  require(difference.empty(), "momentum encoder differs from what it follows: " + difference);
  pairs_.emplace_back(&online, &target);
}

void MomentumPairs::look_up() {
  for (const auto& [online, target] : pairs_) {
    for (const auto& [name, tensor] : online->parameters()) online_.push_back(tensor.detach());
    for (const auto& [name, tensor] : target->parameters()) targets_.push_back(tensor.detach());
    for (const auto& [name, tensor] : online->buffers()) online_buffers_.push_back(tensor);
    for (const auto& [name, tensor] : target->buffers()) target_buffers_.push_back(tensor);
  }
}

void MomentumPairs::update(double momentum) {
  if (targets_.empty()) look_up();
  move_towards(targets_, online_, 1 - momentum);
  if (buffers_ == MomentumBuffers::own || online_buffers_.empty()) return;
  const at::NoGradGuard no_grad;
  at::_foreach_copy_(target_buffers_, online_buffers_);
}

MomentumSchedule::MomentumSchedule(const Settings& settings)
    : start_(settings.real("momentum")),
      end_(settings.real("momentum_end")),
      kind_(settings.text("momentum_schedule")) {}

double MomentumSchedule::at(const Progress& progress) const {
  if (kind_ == "constant") return start_;
  return momentum_schedule(kind_, start_, end_, progress.step - 1, progress.steps);
}

std::vector<Option> momentum_options(double start, double end, const std::string& schedule) {
  return {
      real_option("momentum", start, 0, 1, "m of the momentum encoder at the start"),
      real_option("momentum_end", end, 0, 1, "m at the end (not read when constant)"),
      choice_option("momentum_schedule", schedule, {"constant", "byol", "dino", "moco_v3", "lightly", "ijepa", "tico"},
                    "how m moves: a cosine as in BYOL, DINO or MoCo v3 (never quite reaches the end), lightly's "
                    "(reaches it at the last step), I-JEPA's line, TiCo's sine"),
      choice_option("momentum_buffers", "own", {"own", "copied"},
                    "batch-norm statistics of the momentum encoder: from its own passes, or the online network's")};
}

MomentumBuffers momentum_buffers(const Settings& settings) {
  return settings.text("momentum_buffers") == "own" ? MomentumBuffers::own : MomentumBuffers::copied;
}

}  // namespace sslbench
