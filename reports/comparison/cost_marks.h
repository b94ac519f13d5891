// SPDX-License-Identifier: Apache-2.0
// Marks on rows that cost more than others, by what was measured, whatever their settings say.
#pragma once

#include "reports/comparison/comparison.h"

namespace sslbench {

// "not equal cost: 2.6x CPU time and 1.5x images" on each trained row that saw more images, or took over a quarter more
// device time, than the trained row with the least; time of GPUs and of CPUs is compared apart. And "busy machine or
// idle threads (CPU 33 % of them)" where pretraining on a CPU got less than 60 % of the time of its threads, so that
// its wall time and images/s say little. Costs must be known.
void mark_costs(Comparison& comparison);

}  // namespace sslbench
