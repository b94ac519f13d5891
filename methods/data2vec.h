// SPDX-License-Identifier: Apache-2.0
// The loss of methods/data2vec.cpp (arXiv:2202.03555, section 3.3; facebookresearch/data2vec_vision
// beit/engine_for_cyclical.py), which explains it. Shapes: B images, T patches, D width.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench::data2vec {

// The mean of the last top_k block outputs (lowest first), each layer-normed or not, and layer-normed again or not.
// [B, T, D], without gradient.
at::Tensor targets(const std::vector<at::Tensor>& layers_BTD, int64_t top_k, bool norm_each, bool norm_mean);

// Smooth L1 over masked patches (mask_BT true) of the whole batch; beta = 0: the squared error. Mean over patches and
// D, or (sum_scaled, fairseq) the sum over D by sqrt(D), mean over patches. A batch without a masked patch has loss 0.
at::Tensor regression(const at::Tensor& pred_BTD, const at::Tensor& targets_BTD, const at::Tensor& mask_BT, double beta,
                      bool sum_scaled);

}  // namespace sslbench::data2vec
