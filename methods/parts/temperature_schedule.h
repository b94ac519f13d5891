// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sslbench {

// Teacher temperature of epoch `epoch` (from 0): a line from `start` in the first to `final` in the last of
// `warmup_epochs`, then `final`. facebookresearch/dino main_dino.py, DINOLoss.
inline double teacher_temperature(double start, double final, int64_t warmup_epochs, int64_t epoch) {
  if (epoch >= warmup_epochs) return final;
  if (epoch == 0) return start;
  return start + (final - start) * static_cast<double>(epoch) / static_cast<double>(warmup_epochs - 1);
}

}  // namespace sslbench
