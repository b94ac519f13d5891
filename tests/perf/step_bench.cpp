// SPDX-License-Identifier: Apache-2.0
// Training steps. items_per_second = source images. SSLBENCH_PERF_DEVICE=cuda times them on a GPU, whose steps are
// those of a full-width network and of larger batches.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <optional>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/device_meter.h"
#include "suites/training/pending_scalars.h"
#include "suites/training/step.h"
#include "tests/perf/in_turns.h"

namespace sslbench {
namespace {

const ImageSet& images() {
  static const ImageSet all(open_dataset("shapes", {{"size", 32}, {"train_images", 512}}, Split::train, ""));
  return all;
}

std::vector<int64_t> first_samples(int64_t count) {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < count; ++i) out.push_back(i % images().size());
  return out;
}

ViewPlan view_plan(int size, int64_t views) {
  const Settings defaults("views", view_options(), nlohmann::json::object());
  return {view_recipes_from(defaults, {views, size}), {}, 0};
}

// Where steps run, and how large they are there.
struct Place {
  at::Device device;
  int64_t width;  // of ResNet-18
  std::vector<int64_t> batches;
};

const Place& place() {
  static const Place chosen = [] {
    const char* asked = std::getenv("SSLBENCH_PERF_DEVICE");
    const std::string name = asked == nullptr ? "cpu" : asked;
    if (name == "cpu") return Place{at::kCPU, 16, {64, 256}};
    if (name != "cuda") throw UserError("SSLBENCH_PERF_DEVICE is cpu or cuda, not '" + name + "'");
    load_cuda(0);
    return Place{at::Device("cuda:0"), 64, {256, 512, 1024}};
  }();
  return chosen;
}

// A training of ResNet-18 with one batch that stays; one() is a step whose losses the host reads as training does.
class SteppedMethod {
 public:
  SteppedMethod(const std::string& name, Precision precision, int64_t batch_size)
      : entry_(Registry<MethodEntry>::find(name)),
        method_(make_method(name, nlohmann::json::object(), {"resnet18", {{"width", place().width}, {"stem", "cifar"}}},
                            {10, images().size(), 32, entry_.views}, 0)),
        task_{.module = *method_} {
    method_->place(place().device);
    settings_.optimizer.name = "sgd";
    settings_.precision = precision;
    task_.after_backward = [this](const Progress& progress) { method_->after_backward(progress); };
    task_.after_step = [this](const Progress& progress) { method_->after_step(progress); };
    step_.emplace(task_, settings_, place().device);
    batch_ = make_views(images(), first_samples(batch_size), 0, view_plan(32, entry_.views));
    method_->draw_for(batch_, 0);
    move_batch(batch_, place().device);
    prepared_.loss = [this](const Progress& progress) { return method_->loss(batch_, progress); };
  }

  void one() {
    const StepOutcome outcome = (*step_)(prepared_, {0, 1, 1}, {0.01, 0.01, 1e-4});
    pending_.add(1, outcome.loss.total, outcome.gradient_norm);
    if (pending_.full()) pending_.read();
  }

 private:
  const MethodEntry& entry_;
  std::unique_ptr<Method> method_;
  TrainTask task_;
  TrainSettings settings_;
  std::optional<Step> step_;
  PendingScalars pending_{1};
  TrainBatch batch_;
  PreparedStep prepared_;
};

Precision precision_of_range(int64_t bf16) { return bf16 == 1 ? Precision::bf16 : Precision::fp32; }

// step/<method>: one thread, bf16 when range(0) is 1.
void step(benchmark::State& state, const std::string& name) {
  SteppedMethod stepped(name, precision_of_range(state.range(0)), state.range(1));
  stepped.one();  // set-up apart
  for (auto _ : state) stepped.one();
  state.SetItemsProcessed(state.iterations() * state.range(1));
}

// kernels/simclr: the step with own operators against that without, in turns.
void step_in_turns(benchmark::State& state) {
  SteppedMethod stepped("simclr", precision_of_range(state.range(0)), state.range(1));
  in_turns(state, [&](Kernels kernels) {
    const ChosenKernels chosen(kernels);
    stepped.one();
  });
  state.SetItemsProcessed(state.iterations() * state.range(1));
}

// data/step: what one step's batch of views costs when images are in memory; its share of a step is its time over that
// of step/<method>.
void data(benchmark::State& state) {
  const ViewPlan plan = view_plan(32, 2);
  const std::vector<int64_t> samples = first_samples(state.range(0));
  int64_t epoch = 0;
  for (auto _ : state) benchmark::DoNotOptimize(make_views(images(), samples, epoch++, plan).views.data());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

}  // namespace

// The registry is complete only when main runs.
void register_step_benchmarks() {
  benchmark::RegisterBenchmark("data/step", data)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("kernels/simclr/bf16", step_in_turns)
      ->ArgsProduct({{0, 1}, place().batches})
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
  for (const std::string& name : Registry<MethodEntry>::names()) {
    if (!Registry<MethodEntry>::find(name).trains) continue;
    benchmark::RegisterBenchmark(("step/" + name + "/bf16").c_str(),
                                 [name](benchmark::State& state) { step(state, name); })
        ->ArgsProduct({{0, 1}, place().batches})
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace sslbench
