// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Lets a worker write the features of a finished run's own data set to `file` (suites/worker/run_features.h). UserError
// that says why it could not.
void export_features(const RunSpec& run, const std::filesystem::path& file);

}  // namespace sslbench
