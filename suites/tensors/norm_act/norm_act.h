// SPDX-License-Identifier: Apache-2.0
// Batch normalisation, residual and ReLU in one operator, sslbench::norm_act: 3 passes over memory forward and 5 back
// in place of 5 and 8 (6 and 10 with a residual).
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// A layer of batch normalisation. Weight and bias [C], undefined: 1 and 0; running statistics [C].
struct NormLayer {
  const at::Tensor &weight, &bias, &running_mean, &running_var;
  bool training = true;  // statistics of x, which move the running ones; else the running ones
  double momentum = 0.1, eps = 1e-5;
};

// act(norm(x) [+ residual]), act: ReLU or nothing. x: [N, C] or [N, C, H, W], more than one value a channel in
// training; the residual may be undefined. By LibTorch's operators one after the other, or, where chosen
// (suites/tensors/chosen_kernels.h), by the own one: it takes float32 and bfloat16 on a CPU whose channels lie
// innermost, a residual like x, weight and bias, training or no gradient; anything else is the library's. Its bits are
// the same for any number of threads.
at::Tensor norm_act(const at::Tensor& x, const NormLayer& layer, const at::Tensor& residual, bool relu);

}  // namespace sslbench
