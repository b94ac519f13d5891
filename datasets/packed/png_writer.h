// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "datasets/image.h"

namespace sslbench {

// A mask as an 8-bit gray PNG of its class numbers.
std::string gray_png(const Mask& mask);

}  // namespace sslbench
