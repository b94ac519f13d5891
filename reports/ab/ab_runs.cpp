// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/ab_runs.h"

#include <algorithm>
#include <limits>

namespace sslbench {

AbRun ab_run_of(const Record& record) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN(), kMilliseconds = 1000;
  AbRun out{kNone, kNone, kNone, kNone, {}};
  const auto stage = std::find_if(record.stages.begin(), record.stages.end(),
                                  [](const StageRecord& each) { return each.name == "pretrain"; });
  if (stage == record.stages.end() || !stage->finished() || stage->images <= 0) return out;
  out.cpu_per_image = kMilliseconds * stage->cpu_seconds / static_cast<double>(stage->images);
  if (stage->images_per_second > 0) out.images_per_second = stage->images_per_second;
  out.peak_memory = static_cast<double>(stage->peak_process_bytes);
  if (stage->peak_device_bytes > 0) out.device_memory = static_cast<double>(stage->peak_device_bytes);
  if (const auto loss = stage->curves.find("loss"); loss != stage->curves.end()) out.loss = loss->second;
  return out;
}

}  // namespace sslbench
