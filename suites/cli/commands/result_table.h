// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/plan.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// What `run` prints at its end: one line a method row with the first metric of every protocol and the pretraining
// speed. Numbers and words as in the report, which says more.
std::string result_table(const Plan& plan, const Sameness& sameness);

}  // namespace sslbench
