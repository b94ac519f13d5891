// SPDX-License-Identifier: Apache-2.0
// Whether two numbers of one series may be compared: asked by the gate of history and by compare of two states alike.
#pragma once

#include <string>

#include "reports/history/snapshot.h"

namespace sslbench {

// Why `now` of `here` must not be compared with `then` of `there`, as "<what>, <earlier> → <now>"; "" where it may.
// What a side does not say (a table of measurements) stands in nobody's way, but for the machine of costs. Settings are
// left to settings_difference().
std::string why_incomparable(const Snapshot& there, const SnapshotCell& then, const Snapshot& here,
                             const SnapshotCell& now);

// What differs among the settings that count: "pretrain.epochs 6 → 5"; "" where nothing does or a side does not say.
std::string settings_difference(const Snapshot& there, const SnapshotCell& then, const Snapshot& here,
                                const SnapshotCell& now);

}  // namespace sslbench
