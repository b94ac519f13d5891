// SPDX-License-Identifier: Apache-2.0
// A backbone that nobody asks: features come from the test.
#pragma once

#include "methods/backbone.h"

namespace sslbench {

class UnusedBackbone final : public Backbone {
 public:
  at::Tensor features(const at::Tensor&) const override { return {}; }
  std::vector<at::Tensor> feature_maps(const at::Tensor&) const override { return {}; }
  std::vector<MapLevel> levels() const override { return {{1, 3}}; }
};

}  // namespace sslbench
