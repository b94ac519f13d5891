// SPDX-License-Identifier: Apache-2.0
// The CUDA implementation of suites/training/augment_operation.h.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include "suites/training/cuda/augment_kernels.h"

namespace sslbench {
namespace {

at::Tensor augment_cuda(const at::Tensor& picture_3HW, std::string operation, std::vector<double> values) {
  const c10::cuda::CUDAGuard guard(picture_3HW.device());
  const at::Tensor in = picture_3HW.contiguous();
  const auto height = static_cast<int>(in.size(1)), width = static_cast<int>(in.size(2));
  const at::Tensor luma_31 = at::tensor({0.2989f, 0.587f, 0.114f}, in.options()).view({3, 1});
  const at::Tensor mean_gray = in.flatten(1).mul(luma_31).sum(0).mean();
  const at::Tensor scratch = at::empty({in.numel() + kBlurTaps}, in.options());
  const Sides sides = sides_after(operation, values, {height, width});
  at::Tensor out = at::empty({3, sides.height, sides.width}, in.options());
  const bool known = launch_augment(operation, values, {in.const_data_ptr<float>(), height, width},
                                    mean_gray.const_data_ptr<float>(), scratch.mutable_data_ptr<float>(),
                                    out.mutable_data_ptr<float>(), c10::cuda::getCurrentCUDAStream());
  TORCH_CHECK(known, "no CUDA kernel for the augmentation ", operation);
  return out;
}

}  // namespace

TORCH_LIBRARY_IMPL(sslbench, CUDA, library) { library.impl("augment", augment_cuda); }

}  // namespace sslbench
