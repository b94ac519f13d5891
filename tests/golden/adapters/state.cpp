// SPDX-License-Identifier: Apache-2.0
// Momentum encoders and queues.
#include "methods/parts/momentum.h"
#include "methods/parts/momentum_schedule.h"
#include "methods/parts/queue.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

// Two kinds of files: the same update `steps` times, or one update a row of `online` with a momentum of its own, on
// BYOL's way from `base` to 1.
GoldenOutput ema(const GoldenCall& call) {
  if (!call.has("teacher")) {
    const Tensor target = call["target"].clone();
    for (int64_t i = 0; i < call.integer("steps"); ++i) {
      move_towards({target}, {call["online"]}, 1 - call.real("momentum"));
    }
    return {{"target", target}};
  }
  call.expect("update", {"after the optimizer step: teacher = m*teacher + (1-m)*online"});
  const double base = call.real("base");
  const Tensor teacher = call["teacher"].clone();
  const int64_t T = call["online"].size(0);
  std::vector<Tensor> path;
  std::vector<double> momenta;
  for (int64_t t = 0; t < T; ++t) {
    move_towards({teacher}, {call["online"][t]}, 1 - call["momentum"][t].item<double>());
    path.push_back(teacher.clone());
    momenta.push_back(momentum_schedule("byol", base, 1, t, T));
  }
  return {{"teacher", at::stack(path)}, {"in.momentum", at::tensor(momenta, at::kDouble)}};
}

GoldenOutput queue_enqueue(const GoldenCall& call) {
  const std::string name = call.choice("overflow", {"wrap", "truncate"});
  const QueueOverflow overflow = name == "wrap" ? QueueOverflow::wrap : QueueOverflow::truncate;
  const Tensor queue_KD = call["queue"].clone();
  int64_t pointer = call["pointer"].item<int64_t>();
  for (int64_t s = 0; s < call["keys"].size(0); ++s) pointer = enqueue(queue_KD, call["keys"][s], pointer, overflow);
  return {{"queue", queue_KD}, {"pointer", at::full({}, pointer, at::kLong)}};
}

const bool registered = add_golden_ops({{"ema", ema}, {"queue_enqueue", queue_enqueue}});

}  // namespace
}  // namespace sslbench
