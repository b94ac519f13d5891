// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/plan/run_spec.h"

namespace sslbench {

// Moves what the run's stages predicted from its work folder to OUT/predictions/<run>, in the place of what an earlier
// attempt left there. RunFailure(storage) when it cannot.
void publish_predictions(const RunSpec& spec);

}  // namespace sslbench
