// SPDX-License-Identifier: Apache-2.0
// What a report is made of: the runs that the plans of results folders name, and as much of their records as it shows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/comparison/comparison.h"
#include "reports/record/declared_metrics.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// What records alone do not say.
struct ReadingAids {
  const Sameness& sameness;         // which settings keep numbers apart
  const MetricsOfPlugins& metrics;  // what numbers of older builds mean
};

// Rows of several folders are named "<folder>/<row>". A record that cannot be read becomes a failed run and a line in
// `refused`. Of curves only losses are read, and no pictures (drawn_parts.h). UserError when a folder holds no plan
// that can be read.
ComparisonInput report_input(const std::vector<std::filesystem::path>& folders, std::vector<std::string>& refused,
                             const ReadingAids& aids = {{}, {}});

}  // namespace sslbench
