// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/host_copy.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/until_done.h"

namespace sslbench {
namespace {

constexpr int64_t kAlignment = 64;  // bytes

int64_t padded(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

HostCopy host_copy(const std::vector<NamedTensor>& state, at::Device device) {
  const at::NoGradGuard no_grad;
  int64_t bytes = 0;
  for (const auto& [name, tensor] : state) bytes += padded(static_cast<int64_t>(tensor.nbytes()));
  const Tensor block = at::empty({bytes}, at::TensorOptions(at::kByte).pinned_memory(!device.is_cpu()));
  HostCopy out;
  int64_t begin = 0;
  for (const auto& [name, tensor] : state) {
    const auto size = static_cast<int64_t>(tensor.nbytes());
    Tensor copy = block.narrow(0, begin, size).view(tensor.scalar_type()).view(tensor.sizes());
    copy.copy_(tensor, /*non_blocking=*/true);
    out.state.emplace_back(name, std::move(copy));
    begin += padded(size);
  }
  out.wait = until_done(device);
  return out;
}

}  // namespace sslbench
