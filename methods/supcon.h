// SPDX-License-Identifier: Apache-2.0
// The loss of methods/supcon.cpp (arXiv:2004.11362, Eq. 2 and 3; HobbitLong/SupContrast losses.py), which explains it.
// Shapes: N images, V views, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::supcon {

enum class Variant {
  out,     // Eq. 2; an anchor without positives contributes 0
  in,      // Eq. 3; needs a positive for every anchor
  in_sum,  // Eq. 3 without 1/|P|: the value, not the gradient, differs (solo-learn)
};

struct Terms {
  double tau, base_tau;  // the loss is multiplied by tau / base_tau
  bool first_view_only;  // as anchors
  Variant variant;
};

// Mean over anchors; features are brought to unit length. labels_N: int64; an image without a label (below 0) is a
// class of its own.
at::Tensor sup_con(const at::Tensor& features_NVD, const at::Tensor& labels_N, const Terms& terms);

}  // namespace sslbench::supcon
