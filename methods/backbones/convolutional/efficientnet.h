// SPDX-License-Identifier: Apache-2.0
// EfficientNet. Tan, Le, ICML 2019, arXiv:1905.11946.
#pragma once

#include "methods/backbones/convolutional/inverted_residual.h"

namespace sslbench {

// EfficientNet-B0 with all channels times `width`, rounded to multiples of 8.
InvertedResidualNetShape efficientnet_b0_shape(double width, bool timm_names);

}  // namespace sslbench
