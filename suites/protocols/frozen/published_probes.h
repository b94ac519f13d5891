// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "suites/protocols/protocol.h"

namespace sslbench {

// Settings of published linear evaluations that linear_probe and linear_probe_augmented have in common: moco, simclr,
// dino, dinov2.
std::vector<ProtocolPreset> published_linear_probes();

}  // namespace sslbench
