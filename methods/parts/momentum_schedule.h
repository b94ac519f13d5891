// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

#include "suites/ground/error.h"

namespace sslbench {

// The momentum of optimizer step `step` (from 0) of `total`, in double: what moves a teacher is 1 - m, of which float32
// holds few digits. Kinds: byol (Grill et al. 2020, sec. 3.3; also DINO's table) and moco_v3 (end 1) are half cosines
// over `total`, which never quite reach the end; lightly's reaches it at the last step; ijepa is a line; tico a sine.
inline double momentum_schedule(std::string_view kind, double start, double end, int64_t step, int64_t total) {
  constexpr double kPi = std::numbers::pi;
  const auto share = [&](int64_t of) { return static_cast<double>(step) / static_cast<double>(of > 0 ? of : 1); };
  if (kind == "byol" || kind == "dino") return end - (end - start) * (std::cos(kPi * share(total)) + 1) / 2;
  if (kind == "moco_v3") return 1 - (1 - start) * (std::cos(kPi * share(total)) + 1) / 2;
  if (kind == "lightly") return end - (end - start) * (std::cos(kPi * share(total - 1)) + 1) / 2;
  if (kind == "ijepa") return start + static_cast<double>(step) * (end - start) / static_cast<double>(total);
  if (kind == "tico") return start + (1 - start) * std::sin(kPi / 2 * share(total - 1));
  throw InternalError("unknown momentum schedule '" + std::string(kind) + "'");
}

}  // namespace sslbench
