// SPDX-License-Identifier: Apache-2.0
#include "methods/drop_path.h"

#include "suites/ground/error.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"

namespace sslbench {

DropPath::DropPath(double rate, int64_t blocks, int64_t branches_per_block)
    : rate_(rate), blocks_(blocks), branches_(branches_per_block) {}

void DropPath::on_step(const StepKey& key) {
  if (rate_ > 0) key_ = key;
  views_ = 0;
}

Tensor DropPath::draw(int64_t N, at::Device device) const {
  if (rate_ == 0 || !training()) return {};
  const auto B = static_cast<int64_t>(key_.samples.size());
  require(B > 0, "drop path needs begin_step before a training step");
  Tensor factors = at::empty({blocks_ * branches_, N}, at::kFloat);
  auto* out = factors.mutable_data_ptr<float>();
  for (int64_t n = 0; n < N; ++n) {
    RandomStream stream(key_.seed, RandomUse::drop_path, static_cast<uint32_t>(key_.epoch),
                        static_cast<uint32_t>(key_.samples[static_cast<size_t>(n % B)]),
                        views_ + static_cast<uint32_t>(n / B));
    for (int64_t i = 0; i < blocks_ * branches_; ++i) {
      const double p = blocks_ > 1 ? rate_ * static_cast<double>(i / branches_) / static_cast<double>(blocks_ - 1) : 0;
      out[i * N + n] = stream.uniform() < p ? 0.f : static_cast<float>(1 / (1 - p));
    }
  }
  views_ += static_cast<uint32_t>((N + B - 1) / B);
  return to_device(factors, device);
}

}  // namespace sslbench
