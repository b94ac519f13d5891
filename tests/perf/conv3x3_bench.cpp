// SPDX-License-Identifier: Apache-2.0
// A convolution of 3 x 3 by the own operator against LibTorch's, in turns within one process: the time is the own
// one's, and own_over_library the median of the turns' ratios.
#include <benchmark/benchmark.h>

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/conv3x3/conv3x3.h"
#include "tests/perf/in_turns.h"

namespace sslbench {
namespace {

// Forward and backward of [N, C, S, S], channels innermost, to as many channels: range(0..2). The shapes are those of
// ResNet-18 on views of 32 px, width 16 and 64.
void conv3x3_passes(benchmark::State& state) {
  const int64_t N = state.range(0), C = state.range(1), S = state.range(2);
  const auto map = [&] { return at::randn({N, C, S, S}).contiguous(at::MemoryFormat::ChannelsLast); };
  const at::Tensor x = map().requires_grad_(), dy = map();
  const at::Tensor weight = (at::randn({C, C, 3, 3}) / std::sqrt(9.0 * static_cast<double>(C)))
                                .contiguous(at::MemoryFormat::ChannelsLast)
                                .requires_grad_();
  in_turns(state, [&](Kernels kernels) {
    const ChosenKernels chosen(kernels);
    x.mutable_grad() = weight.mutable_grad() = at::Tensor();
    conv3x3(x, weight, {}).backward(dy);
  });
}

BENCHMARK(conv3x3_passes)
    ->ArgNames({"N", "C", "S"})
    ->Args({512, 16, 32})
    ->Args({512, 32, 16})
    ->Args({512, 64, 8})
    ->Args({512, 128, 4})
    ->Args({128, 64, 32})
    ->Args({128, 128, 16})
    ->Args({128, 256, 8})
    ->Args({128, 512, 4})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sslbench
