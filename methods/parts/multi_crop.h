// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "methods/module.h"
#include "suites/ground/settings.h"

namespace sslbench {

// Applies `network` to all views of V x [N, 3, size, size] and returns the rows view-major, [V * N, ...]. Neighbouring
// views of one size go through together, so that batch norm sees them as one batch (`together`, as SwAV's, DINO's and
// SimCLR's code), or each alone (lightly, BYOL).
Tensor through_views(const std::vector<Tensor>& views, bool together,
                     const std::function<Tensor(const Tensor&)>& network);

// The option one_pass: what `together` is, with the authors' value.
Option one_pass_option(bool authors);

}  // namespace sslbench
