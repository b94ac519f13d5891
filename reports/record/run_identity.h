// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reports/record/record.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// Fills in whose record it is: suite, question, row, method, backbone, data set, run and seed.
void set_identity(const RunSpec& run, Record& record);

}  // namespace sslbench
