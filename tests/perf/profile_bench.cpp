// SPDX-License-Identifier: Apache-2.0
// profile/<case>: where a step's time goes on a CPU, percent by kind of operator; the longest operators on stderr.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "tests/lab/kernel_times.h"
#include "tests/lab/stepped_case.h"

namespace sslbench {
namespace {

constexpr size_t kNamed = 24;

void print_operators(const std::string& name, const KernelTimes& times, double all_ms, double steps) {
  for (size_t i = 0; i < std::min(kNamed, times.names.size()); ++i) {
    const NamedTime& time = times.names[i];
    std::fprintf(stderr, "%s: %5.1f %% %9.3f ms %6.1f calls a step  %s\n", name.c_str(),
                 100 * time.milliseconds / all_ms, time.milliseconds / steps, static_cast<double>(time.calls) / steps,
                 time.name.c_str());
  }
}

void profile(benchmark::State& state, const StepCase& what) {
  using Clock = std::chrono::steady_clock;
  SteppedCase stepped(what, at::kCPU);
  stepped.one(), stepped.one();  // set-up apart
  double all_ms = 0;
  const KernelTimes times = kernel_times(at::kCPU, [&] {
    const auto start = Clock::now();
    for (auto _ : state) stepped.one();
    all_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  });
  std::map<std::string, double> shares;
  for (const NamedTime& time : times.names) shares[class_of_kernel(time.name)] += 100 * time.milliseconds / all_ms;
  for (const auto& [kind, share] : shares) state.counters[kind] = share;
  state.counters["no operator"] = 100 * (1 - times.milliseconds() / all_ms);
  state.SetItemsProcessed(state.iterations() * what.batch);
  print_operators(what.name, times, all_ms, static_cast<double>(state.iterations()));
}

std::vector<StepCase> profiled_cases() {
  const BackboneChoice vit{"vit_tiny", {{"patch_size", 4}, {"image_size", 32}}};
  const auto resnet = [](int64_t width) { return BackboneChoice{"resnet18", {{"width", width}, {"stem", "cifar"}}}; };
  const nlohmann::json small = {{"decoder_dim", 128}, {"decoder_depth", 2}, {"decoder_heads", 4}};
  std::vector<StepCase> out = {{.name = "mae", .method = "mae", .backbone = vit, .batch = 64, .optimizer = "adamw"},
                               {.name = "mae_small_decoder",
                                .method = "mae",
                                .method_settings = small,
                                .backbone = vit,
                                .batch = 64,
                                .optimizer = "adamw"},
                               {.name = "dino", .method = "dino", .backbone = vit, .batch = 16, .optimizer = "adamw"},
                               {.name = "simclr_width16", .method = "simclr", .backbone = resnet(16), .batch = 256},
                               {.name = "simclr_width64", .method = "simclr", .backbone = resnet(64), .batch = 64}};
  out.push_back(out[3]);
  out.back().name += "_own", out.back().kernels = Kernels::own;
  for (StepCase& what : out) what.precision = Precision::fp32;
  return out;
}

}  // namespace

void register_profile_benchmarks() {
  for (const StepCase& what : profiled_cases()) {
    benchmark::RegisterBenchmark(("profile/" + what.name).c_str(),
                                 [what](benchmark::State& state) { profile(state, what); })
        ->Iterations(5)  // a profile keeps every call of every operator
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace sslbench
