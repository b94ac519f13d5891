// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/data_source.h"
#include "reports/draw/picture.h"

namespace sslbench {

// An example with its boxes and its mask on top, at most 256 px long; small ones are enlarged. `background`: class 0 of
// the mask is none and stays clear.
Picture item_picture(const Item& item, bool background);

}  // namespace sslbench
