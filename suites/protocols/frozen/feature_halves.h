// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "reports/record/record.h"

namespace sslbench {

// As a record keeps them; none of more dimensions than it takes.
KeptFeatures kept_features(const at::Tensor& h_ND);

}  // namespace sslbench
