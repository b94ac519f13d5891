// SPDX-License-Identifier: Apache-2.0
// Training steps. items_per_second = source images. SSLBENCH_PERF_DEVICE=cuda times them on a GPU, whose steps are
// those of a full-width network and of larger batches.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/matrix_work.h"
#include "suites/training/device_meter.h"
#include "suites/training/resource_meter.h"
#include "tests/lab/stepped_case.h"
#include "tests/perf/in_turns.h"
#include "tests/perf/peak_operations.h"

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

// In bf16 when range(0) is 1, of range(1) images.
StepCase step_case(const std::string& method, const benchmark::State& state) {
  const BackboneChoice resnet{"resnet18", {{"width", place().width}, {"stem", "cifar"}}};
  const BackboneChoice vit{"vit_tiny", {{"patch_size", 4}, {"image_size", 32}}};
  return {.method = method,
          .backbone = Registry<MethodEntry>::find(method).needs_vit ? vit : resnet,
          .batch = state.range(1),
          .precision = state.range(0) == 1 ? Precision::bf16 : Precision::fp32};
}

// step/<method>: one thread, losses read in every step, which waits for a GPU. share_of_peak: of the arithmetic that
// this machine does at most (peak_operations), measured in the same run; tensor_bytes: peak of a step, over its images.
void step(benchmark::State& state, const std::string& name) {
  const StepCase what = step_case(name, state);
  SteppedCase stepped(what, place().device);
  stepped.read_every_step();
  stepped.one();  // set-up apart
  double operations = 0, bytes = 0;
  {
    const ResourceMeter meter(place().device.is_cuda() ? 0 : -1);
    const MatrixWork work;
    stepped.one();
    operations = work.operations();
    const Resources used = meter.read();
    bytes = static_cast<double>(std::max(used.peak_tensor_bytes, used.peak_device_bytes));
  }
  const double peak = peak_operations(place().device, what.precision);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) stepped.one();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto images = static_cast<double>(what.batch), steps = static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations() * what.batch);
  state.counters["gigaflop"] = operations / images / 1e9;
  state.counters["share_of_peak"] = operations * steps / seconds / peak;
  state.counters["tensor_bytes"] = bytes / images;
}

// kernels/simclr: the step with own operators against that without, in turns.
void step_in_turns(benchmark::State& state) {
  StepCase what = step_case("simclr", state);
  SteppedCase library(what, place().device);
  what.kernels = Kernels::own;
  SteppedCase own(what, place().device);
  library.read_every_step(), own.read_every_step();
  in_turns(state, [&](Kernels kernels) { (kernels == Kernels::own ? own : library).one(); });
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
