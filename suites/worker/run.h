// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/spec/run_spec.h"
#include "suites/spec/worker_exit.h"

namespace sslbench {

// Carries out one run: pretrain, protocols, record. Returns an exit code of suites/spec/worker_exit.h.
int carry_out(const RunSpec& spec);

}  // namespace sslbench
