// SPDX-License-Identifier: Apache-2.0
// Runs of the same seed before and after, measured on the same test images.
#pragma once

#include <vector>

#include "reports/history/snapshot_comparison.h"

namespace sslbench {

// Adds the bootstrap replicates that records hold to the cells of their snapshot.
void add_replicates(Snapshot& snapshot, const std::vector<Record>& records);

// Judges a cell by pairs where both sides hold the same seeds, or too few runs for anything else, with replicates of
// the same test images: fills in change, interval, p and marks. Whether it could.
bool measure_pairs(ComparedCell& cell);

}  // namespace sslbench
