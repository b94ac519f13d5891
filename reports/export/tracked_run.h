// SPDX-License-Identifier: Apache-2.0
// A run as experiment trackers keep it.
#pragma once

#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "reports/history/snapshot.h"

namespace sslbench {

// How its run ended by the snapshot, whose word counts: it calls a run failed that recorded a result that is no number.
RunStatus counted_status(const Snapshot& snapshot, const Record& record);

// Settings that count, by one name each: "method.temperature" of pretraining, "knn.k" and "knn dataset.size" of the
// protocol that the suite calls so.
std::map<std::string, nlohmann::json> tracked_settings(const Record& record);

// What a run is found by: suite, row, method, backbone, seed, dataset, status, revision, run. None is empty.
std::map<std::string, std::string> tracked_names(const Record& record);

// Records hold how long a run took, not when: every run ends when the newest record was written.
struct TrackedTime {
  std::time_t begun = 0, ended = 0;  // seconds since 1970
};
TrackedTime tracked_time(const Snapshot& snapshot, const Record& record);

}  // namespace sslbench
