// SPDX-License-Identifier: Apache-2.0
// From the options of `plan` and `run` to a plan.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "suites/cli/commands/commands.h"
#include "suites/plan/catalog.h"
#include "suites/plan/plan.h"
#include "suites/plan/suite.h"
#include "suites/runner/device_pool.h"

namespace sslbench {

struct SuiteRequest {
  Catalog catalog;
  std::filesystem::path out;
  RowPlaces places;
  Plan plan;                      // all runs of the suite
  std::vector<RunSpec> selected;  // those of --only
  std::vector<Device> devices;    // GPUs that the runs are spread over; none: all on their own device
};

// Reads the suite, chooses device, jobs and threads (an earlier plan in OUT fixes the threads), and resolves every run.
// Changes nothing on disk.
SuiteRequest request_from(const SuiteOptions& options);

// "--jobs 2 --threads 1 --device cpu": how the runs are carried out, as one would ask for it.
std::string how_text(const SuiteRequest& request);

// How each row is trained, one line a row: "simclr: preset cifar: sgd, batch 512, ..."; rows that train nothing say so.
std::string training_lines(const std::vector<RunSpec>& runs, const Catalog& catalog);

}  // namespace sslbench
