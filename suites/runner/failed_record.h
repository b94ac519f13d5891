// SPDX-License-Identifier: Apache-2.0
// Where a dead or failed worker becomes a record. How it ended is judged in worker_run.cpp.
#pragma once

#include "reports/record/record.h"
#include "suites/handover/failure_file.h"
#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// A record with status failed(kind) that keeps every stage finished so far: those in work/<run>/stage-*.h5, and those
// of an earlier record of this run, as far as their keys still hold. The stage that failed keeps the curves it had
// logged (work/<run>/<stage>.curves.log).
Record failed_record(const RunSpec& run, const WorkerFailure& failure, const Catalog& catalog);

}  // namespace sslbench
