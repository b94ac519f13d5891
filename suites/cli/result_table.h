// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "suites/spec/catalog.h"
#include "suites/spec/run_spec.h"

namespace sslbench {

// One line a method row: the first metric of every protocol (mean over seeds, +- sample standard deviation from two
// seeds on), pretraining throughput, seeds behind it, and what failed. The report says the same at length.
std::string result_table(const std::vector<RunSpec>& runs, const Catalog& catalog);

}  // namespace sslbench
