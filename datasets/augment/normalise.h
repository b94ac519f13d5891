// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/augment/planes.h"
#include "datasets/augment/view.h"

namespace sslbench {

// Writes (value - mean) / deviation of every pixel to `out`: height * width * 3 floats, HWC.
void store_normalised(const Planes& planes, const Normalisation& normalisation, float* out);

}  // namespace sslbench
