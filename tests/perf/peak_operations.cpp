// SPDX-License-Identifier: Apache-2.0
#include "tests/perf/peak_operations.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>

#include "suites/tensors/aten.h"
#include "suites/tensors/matrix_work.h"

namespace sslbench {
namespace {

constexpr int kTurns = 10;

// Of the fastest turn; reading one number waits for a GPU.
double operations_a_second(const std::function<at::Tensor()>& work) {
  using Clock = std::chrono::steady_clock;
  const at::NoGradGuard no_grad;
  const auto once = [&] { return work().flatten()[0].item().toDouble(); };
  once();
  const MatrixWork counter;
  double best = 0, before = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto start = Clock::now();
    once();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, (counter.operations() - before) / seconds);
    before = counter.operations();
  }
  return best;
}

double measured(const at::Device& device, Precision precision) {
  const auto of = at::TensorOptions(device).dtype(precision == Precision::bf16 ? at::kBFloat16 : at::kFloat);
  const int64_t side = device.is_cuda() ? 8192 : 1024, N = device.is_cuda() ? 1024 : 64;
  const at::Tensor a = at::randn({side, side}, of), b = at::randn({side, side}, of);
  const auto last = at::MemoryFormat::ChannelsLast;
  const at::Tensor x = at::randn({N, 64, 32, 32}, of).contiguous(last),
                   w = at::randn({64, 64, 3, 3}, of).contiguous(last);
  return std::max(operations_a_second([&] { return at::mm(a, b); }), operations_a_second([&] {
                    return at::conv2d(x, w, {}, {1, 1}, {1, 1});
                  }));
}

}  // namespace

double peak_operations(const at::Device& device, Precision precision) {
  static std::map<Precision, double> known;
  const auto found = known.find(precision);
  return found != known.end() ? found->second : known[precision] = measured(device, precision);
}

}  // namespace sslbench
