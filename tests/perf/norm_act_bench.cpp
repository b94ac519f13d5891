// SPDX-License-Identifier: Apache-2.0
// Batch norm, residual and ReLU by the own operator against LibTorch's operators, in turns within one process: the time
// is the own one's, and own_over_library the median of the turns' ratios.
#include <benchmark/benchmark.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/norm_act/norm_act.h"
#include "tests/perf/in_turns.h"

namespace sslbench {
namespace {

// Forward and backward of [N, C, S, S], channels innermost: range(0..2); with a residual when range(3) is 1, in bf16
// when range(4) is. The shapes are those of ResNet-18, width 16, on 512 views of 32 px.
void norm_act_passes(benchmark::State& state) {
  const int64_t C = state.range(1);
  const auto options = at::TensorOptions(state.range(4) == 1 ? at::kBFloat16 : at::kFloat);
  const auto map = [&] {
    return at::randn({state.range(0), C, state.range(2), state.range(2)}, options)
        .contiguous(at::MemoryFormat::ChannelsLast)
        .requires_grad_();
  };
  const at::Tensor x = map(), residual = state.range(3) == 1 ? map() : at::Tensor(), dy = map().detach();
  const at::Tensor weight = at::ones({C}).requires_grad_(), bias = at::zeros({C}).requires_grad_();
  const at::Tensor mean = at::zeros({C}), variance = at::ones({C});
  in_turns(state, [&](Kernels kernels) {
    const ChosenKernels chosen(kernels);
    x.mutable_grad() = at::Tensor();
    if (residual.defined()) residual.mutable_grad() = at::Tensor();
    norm_act(x, {weight, bias, mean, variance}, residual, /*relu=*/true).backward(dy);
  });
}

BENCHMARK(norm_act_passes)
    ->ArgNames({"N", "C", "S", "residual", "bf16"})
    ->ArgsProduct({{512}, {16}, {32}, {0, 1}, {0, 1}})
    ->ArgsProduct({{512}, {32}, {16}, {0, 1}, {0, 1}})
    ->ArgsProduct({{512}, {64}, {8}, {0, 1}, {0, 1}})
    ->ArgsProduct({{512}, {128}, {4}, {0, 1}, {0, 1}})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sslbench
