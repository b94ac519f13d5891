// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "suites/tensors/chosen_kernels.h"

namespace sslbench {

// Each iteration is `one(library)` and `one(own)`, every other time the other way round. Its time is the own one's;
// own_over_library: the median of the iterations' ratios, which a machine that others use, too, changes least.
template <class One>
void in_turns(benchmark::State& state, const One& one) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [&](Kernels kernels) {
    const auto start = Clock::now();
    one(kernels);
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  seconds(Kernels::library), seconds(Kernels::own);  // set-up apart
  std::vector<double> ratios;
  for (auto _ : state) {
    const bool own_first = ratios.size() % 2 == 1;
    const double before = own_first ? seconds(Kernels::own) : 0;
    const double library = seconds(Kernels::library), own = own_first ? before : seconds(Kernels::own);
    ratios.push_back(own / library);
    state.SetIterationTime(own);
  }
  std::nth_element(ratios.begin(), ratios.begin() + std::ssize(ratios) / 2, ratios.end());
  state.counters["own_over_library"] = ratios[ratios.size() / 2];
}

}  // namespace sslbench
