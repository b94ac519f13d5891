// SPDX-License-Identifier: Apache-2.0
// Training steps. items_per_second = source images. SSLBENCH_PERF_DEVICE=cuda times them on a GPU, whose steps are
// those of a full-width network and of larger batches.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/device_meter.h"
#include "suites/training/pending_scalars.h"
#include "suites/training/step.h"

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

// step/<method>: steps of ResNet-18, their losses read by the host as training does; one thread, bf16 when range(0) is
// 1.
void step(benchmark::State& state, const std::string& name) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  const MethodInput input{10, images().size(), 32, entry.views};
  const auto method = make_method(name, nlohmann::json::object(),
                                  {"resnet18", {{"width", place().width}, {"stem", "cifar"}}}, input, 0);
  method->place(place().device);
  TrainSettings settings;
  settings.optimizer.name = "sgd";
  settings.precision = state.range(0) == 1 ? Precision::bf16 : Precision::fp32;
  const TrainTask task{.module = *method,
                       .after_backward = [&](const Progress& progress) { method->after_backward(progress); },
                       .after_step = [&](const Progress& progress) { method->after_step(progress); }};
  Step training_step(task, settings, place().device);
  PendingScalars pending(1);
  TrainBatch batch = make_views(images(), first_samples(state.range(1)), 0, view_plan(32, entry.views));
  move_batch(batch, place().device);
  const PreparedStep prepared{[&](const Progress& progress) { return method->loss(batch, progress); }, {}};
  const auto one = [&] {
    const StepOutcome outcome = training_step(prepared, {0, 1, 1}, {0.01, 0.01, 1e-4});
    pending.add(1, outcome.loss.total, outcome.gradient_norm);
    if (pending.full()) pending.read();
  };
  one();  // set-up apart
  for (auto _ : state) one();
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
