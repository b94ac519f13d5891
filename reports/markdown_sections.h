// SPDX-License-Identifier: Apache-2.0
// The sections of report/README.md, each ending in an empty line; "" when there is nothing to say.
#pragma once

#include <string>

#include "reports/comparison.h"

namespace sslbench {

// Numbers (markdown_results.cpp).
std::string results_section(const Comparison& comparison);
std::string differences_section(const Comparison& comparison);
std::string definitions_section(const Comparison& comparison);

// What it took and where (markdown_circumstances.cpp).
std::string cost_table(const Comparison& comparison);
std::string stages_section(const Comparison& comparison);
std::string failures_section(const Comparison& comparison);
std::string environment_section(const Comparison& comparison);
std::string reproduce_section(const Comparison& comparison);

}  // namespace sslbench
