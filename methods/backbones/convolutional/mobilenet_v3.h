// SPDX-License-Identifier: Apache-2.0
// MobileNetV3. Howard et al., ICCV 2019, arXiv:1905.02244. The hidden layer of the published classifier (torchvision:
// classifier.0; timm: conv_head) belongs to the head: features are the global average before it.
#pragma once

#include "methods/backbones/convolutional/inverted_residual.h"

namespace sslbench {

// All channels times `width`, rounded to multiples of 8. Under timm's names the norms have timm's eps 1e-5 and momentum
// 0.1, else torchvision's 1e-3 and 0.01.
InvertedResidualNetShape mobilenet_v3_large_shape(double width, bool timm_names);
InvertedResidualNetShape mobilenet_v3_small_shape(double width, bool timm_names);

}  // namespace sslbench
