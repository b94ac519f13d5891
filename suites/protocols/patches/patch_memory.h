// SPDX-License-Identifier: Apache-2.0
// Patches whose classes are known, asked by their nearest neighbours (Balazevic et al., "Towards In-Context Scene
// Understanding", NeurIPS 2023, arXiv:2306.01667). Shapes: M patches of the memory, Q asked, D features, K classes.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "suites/protocols/parts/top_products.h"

namespace sslbench {

struct PatchMemory {
  ProductSearch bank;    // of unit rows, [M, D]
  at::Tensor labels_MK;  // share of each class, on the CPU
};

// The class shares of the k nearest patches by cosine, weighted by the softmax of cosine / temperature: [Q, K], on the
// CPU. suites/metrics/dense/patch_segmentation.h says the same of plain arrays. All patches vote where there are fewer.
at::Tensor patch_votes(const PatchMemory& memory, const at::Tensor& query_QD, int64_t k, double temperature);

}  // namespace sslbench
