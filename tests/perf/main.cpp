// SPDX-License-Identifier: Apache-2.0
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "suites/training/meters/cpu_allocator.h"

namespace sslbench {
void register_augment_benchmarks();
void register_decode_benchmarks();
void register_evaluation_benchmarks();
void register_loop_benchmarks();
void register_profile_benchmarks();
void register_start_benchmarks();
void register_step_benchmarks();
}  // namespace sslbench

// One thread a step, so that figures of different machines can be compared; SSLBENCH_PERF_THREADS asks for more.
int main(int argc, char** argv) try {
  sslbench::install_cpu_allocator();
  const char* threads = std::getenv("SSLBENCH_PERF_THREADS");
  at::set_num_threads(threads == nullptr ? 1 : std::atoi(threads));
  sslbench::register_augment_benchmarks();
  sslbench::register_decode_benchmarks();
  sslbench::register_evaluation_benchmarks();
  sslbench::register_loop_benchmarks();
  sslbench::register_profile_benchmarks();
  sslbench::register_start_benchmarks();
  sslbench::register_step_benchmarks();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
} catch (const std::exception& error) {
  std::fprintf(stderr, "perf: %s\n", error.what());
  return 2;
}
