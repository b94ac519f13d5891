// SPDX-License-Identifier: Apache-2.0
// A training that takes a second: a linear map learns fixed targets. For tests of the loop.
#pragma once

#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "methods/layers.h"
#include "suites/tensors/aten.h"
#include "suites/training/train_loop.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

struct TinyModel final : Module {
  explicit TinyModel(at::Generator generator) : first(4, 8, generator), norm(8), second(8, 1, generator) {
    add_child("first", first);
    add_child("norm", norm);
    add_child("second", second);
  }
  Tensor operator()(const Tensor& x) const { return second(at::relu(norm(first(x)))); }
  Linear first;
  BatchNorm norm;
  Linear second;
};

struct TinyTraining {
  TinyModel model{at::detail::createCPUGenerator(7)};
  TrainSettings settings;
  StageRecord record;
  int64_t stop_after = -1;         // steps; -1: never
  double poison_at = -1;           // step whose loss becomes NaN
  Resources earlier;               // after run(): what interrupted attempts had cost
  std::vector<std::string> notes;  // that run() gave
  Tensor data_NX = at::arange(4 * 64, at::kFloat).sin().view({64, 4});
  double steep_at = -1;   // step whose loss is finite and its gradient infinite
  double breaks_at = -1;  // step that ends with an exception
  Tensor embedding_ND;    // what the loss says that it embedded; undefined: nothing
  std::mutex lock;
  std::vector<BatchPlan> plans;  // that were prepared, by whichever threads

  TinyTraining() {
    settings.epochs = 5;
    settings.batch_size = 8;
    settings.learning_rate = 0.05;
    settings.checkpoint_seconds = 1e9;
    settings.hash_every = 1;
    record.name = "pretrain";
    record.key = "key";
  }

  TrainOutcome run(const std::filesystem::path& folder) {
    int64_t done = 0;
    StageContext context{.record = record,
                         .work = folder,
                         .seed = 3,
                         .earlier = earlier,
                         .used = [] { return Resources{1, 2, 3, 4, -1, -1}; },
                         .progress = [&](int64_t step, int64_t, double) { done = step; },
                         .stop_requested = [&] { return stop_after >= 0 && done >= stop_after; },
                         .note = [&](const std::string& text) { notes.push_back(text); }};
    const TrainTask task{.module = model,
                         .examples = 64,
                         .prepare = [&](const BatchPlan& plan) -> PreparedStep {
                           {
                             const std::lock_guard hold(lock);
                             plans.push_back(plan);
                           }
                           const Tensor x = data_NX.index_select(0, at::tensor(plan.samples));
                           const auto one = [this, x, step = plan.step](const Progress&) {
                             const Tensor y = model(x);
                             if (static_cast<double>(step) == breaks_at) throw std::runtime_error("it broke");
                             Tensor loss = (y - x.sum(1, true)).pow(2).mean();
                             if (static_cast<double>(step) == poison_at) loss = loss / 0;
                             // The root of 0, by whose slope the gradient is divided.
                             if (static_cast<double>(step) == steep_at) loss = loss + (y - y.detach()).sqrt().sum();
                             return Loss{loss, {}, embedding_ND};
                           };
                           return {one, {}};
                         },
                         .after_backward = {},
                         .after_step = {},
                         .rule = {}};
    const TrainOutcome outcome = train(task, settings, context);
    earlier = context.earlier;
    return outcome;
  }
};

}  // namespace sslbench
