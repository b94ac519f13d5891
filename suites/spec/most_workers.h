// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// Runs at a time, and threads of each: more is a slip, or somebody's plan.json.
inline constexpr int kMostWorkers = 1024;

}  // namespace sslbench
