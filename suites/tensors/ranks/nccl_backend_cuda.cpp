// SPDX-License-Identifier: Apache-2.0
#define USE_C10D_NCCL
#include "suites/tensors/ranks/nccl_backend.h"

#include <c10/cuda/CUDAGuard.h>

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

extern "C" c10d::Backend* sslbench_nccl_backend(c10d::Store* store, int rank, int size, int device,
                                                int64_t timeout_ms) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = std::chrono::milliseconds(timeout_ms);
  auto group = c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::intrusive_ptr<c10d::Store>::reclaim(store), rank, size,
                                                           std::move(options));
  group->setBoundDeviceId(at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device)));
  return group.release();
}
