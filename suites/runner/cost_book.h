// SPDX-License-Identifier: Apache-2.0
// What stages cost on this machine, whatever folder their results went to: kept in cache_folder()/costs, one file a
// class of machines.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sslbench {

// What grows with the batch of a pretraining, of its peak on the device (or in the process, without one).
struct BatchMemory {
  int64_t bytes = 0;        // 0: not known
  int64_t image_bytes = 0;  // of each image
};

struct StageCost {
  double seconds = 0;  // mean of the records
  int64_t process_bytes = 0, device_bytes = -1;
  int64_t disk_bytes = 0;  // of the pretraining: the run's record and weights; 0: not known
  int64_t records = 0;     // behind it; 0: foretold by a calibration
  BatchMemory batch = {};  // of the pretraining
};

// By a hash of all that the cost depends on.
using CostBook = std::map<std::string, StageCost>;

// Nothing when there is no such file, or it cannot be read.
CostBook read_cost_book(const std::string& machine_class);

// Adds these to the file; of a stage that is there, the one with more records stays. A cache that cannot be written
// only costs measuring again.
void keep_costs(const std::string& machine_class, const CostBook& costs);

}  // namespace sslbench
