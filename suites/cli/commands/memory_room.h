// SPDX-License-Identifier: Apache-2.0
// Whether runs fit into the memory that there is.
#pragma once

#include <cstdint>
#include <vector>

#include "suites/cli/commands/suite_request.h"
#include "suites/runner/estimate.h"

namespace sslbench {

// What a run takes of a device besides tensors: libraries and workspaces, which no allocator counts.
inline constexpr int64_t kDeviceContextBytes = int64_t{1} << 30;

// Bytes; 0: not known.
struct MemoryRoom {
  int64_t machine = 0;  // for all runs at a time
  int64_t device = 0;   // for each; of the smallest device in use
};
MemoryRoom memory_room(const SuiteRequest& request);

// UserError when the largest `jobs` of these runs do not fit together, or one not on its device; it names the row that
// needs most, and the largest batch that fits. Of runs whose memory is not known, and of those of several ranks, whose
// shares no calibration sees, nothing is said.
void expect_room(const std::vector<RunSpec>& runs, const StageCosts& costs, int jobs, const MemoryRoom& room,
                 const RowPlaces& places = {});

}  // namespace sslbench
