// SPDX-License-Identifier: Apache-2.0
// The losses of methods/vicregl.cpp, which explains them. Shapes: B images, H W grid, C features.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench::vicregl {

struct Weights {
  double invariance = 25, variance = 25, covariance = 1;
};

// Order of the kept pairs: by their cell (authors), or nearest first (lightly).
enum class MatchOrder { index, distance };

struct Matching {
  int64_t first = 20, second = 4;  // pairs kept from either side
  MatchOrder order = MatchOrder::index;
};

struct LocalView {
  at::Tensor map_BHWC;    // projected cells
  at::Tensor place_BHW2;  // of their centres in the original image
};

// L_s + L_d between two views; choosing pairs carries no gradient, both sides of a pair do.
at::Tensor local_loss(const LocalView& a, const LocalView& b, const Weights& weights, const Matching& matching);

// VICReg of V views [B, C]: invariance over pairs of the first `anchors` views with all others, variance and covariance
// over all views, each a mean (facebookresearch/VICRegL global_loss).
at::Tensor global_loss(const std::vector<at::Tensor>& z_V, int64_t anchors, const Weights& weights);

}  // namespace sslbench::vicregl
