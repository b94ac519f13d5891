// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/spec/run_spec.h"

namespace sslbench {

// Private exit codes of the worker, read by suites/runner.
inline constexpr int kWorkerDone = 0;
inline constexpr int kWorkerFailed = 10;       // work/<run>/failure.json says why
inline constexpr int kWorkerFailedMute = 11;   // not even failure.json could be written: the disk is full or failing
inline constexpr int kWorkerInterrupted = 75;  // saved; the same command goes on

// Carries out one run: pretrain, protocols, record. Returns one of the codes above.
int carry_out(const RunSpec& spec);

}  // namespace sslbench
