// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// How the optimizer treats one parameter; a method overrides what its authors treat differently.
struct ParameterRule {
  double rate_scale = 1;       // factor on the learning rate
  bool constant_rate = false;  // keeps the peak rate: no warm-up, no decay (SimSiam's predictor)
  bool decays = true;          // false: never weight decay, whatever the settings say
};

}  // namespace sslbench
