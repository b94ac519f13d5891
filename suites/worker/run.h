// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/ground/meeting.h"
#include "suites/handover/worker_exit.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// Carries out one run, or this rank's part of it: pretrain, protocols, record. Returns an exit code of
// suites/handover/worker_exit.h.
int carry_out(const RunSpec& spec, const Meeting& meeting = {});

}  // namespace sslbench
