// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/normalize_bytes/normalize_bytes_cuda.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include "suites/tensors/normalize_bytes/channel_statistics.h"

namespace sslbench {
namespace {

// uint8 [N, H, W, 3] -> normalised float32 [N, 3, H, W], channels last.
at::Tensor normalize_bytes_cuda(const at::Tensor& bytes_NHWC, const at::Tensor& mean_3, const at::Tensor& deviation_3) {
  const c10::cuda::CUDAGuard guard(bytes_NHWC.device());
  const at::Tensor in = bytes_NHWC.contiguous();
  at::Tensor out = at::empty({in.size(0), 3, in.size(1), in.size(2)}, in.options().dtype(at::kFloat),
                             at::MemoryFormat::ChannelsLast);
  const ChannelStatistics statistics = channel_statistics(mean_3, deviation_3);
  launch_normalize_bytes(in.const_data_ptr<uint8_t>(), out.mutable_data_ptr<float>(), in.numel(), statistics,
                         c10::cuda::getCurrentCUDAStream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return out;
}

}  // namespace

TORCH_LIBRARY_IMPL(sslbench, CUDA, library) { library.impl("normalize_bytes", normalize_bytes_cuda); }

}  // namespace sslbench
