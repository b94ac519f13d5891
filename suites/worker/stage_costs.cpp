// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/stage_costs.h"

namespace sslbench {
namespace {

Metric cost(const char* name, const char* unit, const char* definition, Better better = Better::lower) {
  return {.name = name, .unit = unit, .better = better, .kind = MetricKind::cost, .definition = definition};
}

}  // namespace

std::vector<Metric> stage_costs() {
  return {cost("wall_time", "s", "time from the start of the stage to its end, over all attempts"),
          cost("cpu_time", "s", "user and system time of all threads, over all attempts"),
          cost("throughput", "images/s", "source images (not views) a second, median of windows, set-up apart",
               Better::higher),
          cost("peak_memory_process", "B", "largest resident set of the process during the stage"),
          cost("peak_memory_tensors", "B", "most bytes of tensors at once, as the allocator counts"),
          cost("peak_memory_device", "B", "most bytes of tensors at once on the device"),
          cost("energy", "J",
               "energy of the device, from its own meter; none where another process was seen to use it, too"),
          cost("collective_share", "1",
               "share of the stage's time in which the first rank exchanged tensors with others or waited for them")};
}

}  // namespace sslbench
