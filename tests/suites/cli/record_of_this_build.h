// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/ground/build_id.h"
#include "suites/ground/revision.h"
#include "suites/runner/programs.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {

// What the fake worker publishes as its run's; counts as made by the programs under test.
inline Record record_of_this_build() {
  Record record;
  record.run = "any";
  record.status = "ok";
  record.environment = {{"revision", kRevision},
                        {"dirty", kRevisionDirty},
                        {"build_type", kBuildType},
                        {"worker", worker_digest(worker_program())}};
  record.stages = {small_stage("knn", "key")};
  return record;
}

}  // namespace sslbench
