// SPDX-License-Identifier: Apache-2.0
#include "reports/gate_past.h"

#include <algorithm>

#include "reports/comparability.h"

namespace sslbench {
namespace {

std::string why_not(const SnapshotCell& now, const Snapshot& here, const SnapshotCell& then, const Snapshot& there) {
  const std::string why = why_incomparable(there, then, here, now);
  if (!why.empty()) return why;
  const std::string settings = settings_difference(there, then, here, now);
  return settings.empty() ? "" : "other settings: " + settings;
}

void add_values(const SnapshotCell& now, const SnapshotCell& then, Past& out) {
  for (const auto& pair : then.by_seed) {
    const auto here = now.by_seed.find(pair.first);
    if (here != now.by_seed.end() && here->second == pair.second) {
      out.repeated.insert(pair);
    } else if (out.known.insert(pair).second || now.is_cost()) {
      out.values.push_back(pair.second);
    }
  }
}

}  // namespace

bool covers(const GateRule& rule, const SnapshotCell& cell) {
  return cell.protocol == rule.row && cell.metric == rule.metric;
}

Past past_of(const SnapshotCell& cell, const Snapshot* now, const History& history) {
  Past out;
  out.accepted = history.accepted_until(cell);
  for (const Snapshot& run : history.runs) {
    if (run.created <= out.accepted) continue;
    const SnapshotCell* then = run.find(cell);
    if (then == nullptr) continue;
    out.last = then;
    if (now == nullptr) continue;
    if (then->version == cell.version && !cell.is_cost()) out.largest_n = std::max(out.largest_n, then->n);
    const std::string why = why_not(cell, *now, *then, run);
    if (!why.empty()) {
      out.why_not = why;
    } else {
      add_values(cell, *then, out);
    }
  }
  return out;
}

}  // namespace sslbench
