// SPDX-License-Identifier: Apache-2.0
// Tensors as the arrays that suites/metrics/ reads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

Matrix matrix_of(const at::Tensor& h_ND);
std::vector<int64_t> integers_of(const at::Tensor& labels_N);

// Every so many-th row, so that at most `most` are left.
at::Tensor spaced_rows(const at::Tensor& h_ND, int64_t most);

// How many threads a metric may use: as many as the run has.
size_t metric_threads();

}  // namespace sslbench
