// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Builds method, backbone and protocols of a run without data, looks whether the sets of its protocols hold any truth,
// and returns the user error that types cannot show, or "".
std::string check_run(const RunSpec& spec);

}  // namespace sslbench
