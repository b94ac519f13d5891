// SPDX-License-Identifier: Apache-2.0
// RegNetY. Radosavovic et al.: "Designing Network Design Spaces", CVPR 2020, arXiv:2003.13678.
//   block(x) = relu(proj(x) + c(se(b(a(x)))))  with a, c: 1x1, b: 3x3 in groups, each with its norm
// Parameter names, order and initialisation of torchvision; names of timm on demand.
#pragma once

#include <array>

#include "methods/backbone.h"

namespace sslbench {

struct RegNetShape {
  std::array<int64_t, 4> depths{}, widths{}, group_widths{};
  double se_ratio = 0.25;  // squeezed channels over a block's input channels
  int64_t stem_width = 32;
  bool timm_names = false;
};

// The paper's parameters: block i has a width near w_0 + w_a i, quantised in steps of the factor w_m.
struct RegNetRule {
  int64_t depth = 0, w_0 = 0;
  double w_a = 0, w_m = 2;
  int64_t group_width = 8;
};

// Depths, widths and group widths of the four stages. A stage's width is rounded to a multiple of its group width, and
// where that loses more than a tenth, up (torchvision); timm rounds to the nearest all the same, halves to even.
// UserError where the rule does not give four stages.
RegNetShape regnet_shape(const RegNetRule& rule, bool timm_names);

std::unique_ptr<Backbone> make_regnet(const RegNetShape& shape, at::Generator& generator);

}  // namespace sslbench
