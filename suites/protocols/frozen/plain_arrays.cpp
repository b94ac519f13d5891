// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/plain_arrays.h"

#include <ATen/Parallel.h>

#include "suites/tensors/aten.h"

namespace sslbench {

Matrix matrix_of(const at::Tensor& h_ND) {
  const at::Tensor h = h_ND.to(at::kCPU, at::kDouble).contiguous();
  const double* first = h.const_data_ptr<double>();
  return {static_cast<size_t>(h.size(0)), static_cast<size_t>(h.size(1)), {first, first + h.numel()}};
}

std::vector<int64_t> integers_of(const at::Tensor& labels_N) {
  const at::Tensor labels = labels_N.to(at::kCPU, at::kLong).contiguous();
  const int64_t* first = labels.const_data_ptr<int64_t>();
  return {first, first + labels.numel()};
}

at::Tensor spaced_rows(const at::Tensor& h_ND, int64_t most) {
  const int64_t N = h_ND.size(0);
  return h_ND.slice(0, 0, N, std::max<int64_t>(1, (N + most - 1) / most));
}

size_t metric_threads() { return static_cast<size_t>(at::get_num_threads()); }

}  // namespace sslbench
