// SPDX-License-Identifier: Apache-2.0
#include "reports/gate_past.h"

#include <algorithm>

namespace sslbench {
namespace {

// Whether a recorded cell may be compared with what was measured now, and why not.
std::string why_incomparable(const SnapshotCell& now, const Snapshot& here, const SnapshotCell& then,
                             const Snapshot& there) {
  if (now.version != then.version) {
    return "protocol version " + std::to_string(now.version) + ", recorded " + std::to_string(then.version);
  }
  if (now.unit != then.unit) return "unit " + now.unit + ", recorded " + then.unit;
  if (now.dataset != then.dataset) return "data set " + now.dataset + ", recorded " + then.dataset;
  if (now.data != then.data) return "other data (digest " + now.data + ", recorded " + then.data + ")";
  if (now.config != then.config) return "other settings (digest " + now.config + ", recorded " + then.config + ")";
  if (!now.is_cost()) return "";
  if (here.machine_class != there.machine_class) {
    return "machine class '" + here.machine_class + "', recorded '" + there.machine_class + "'";
  }
  return there.official() ? "" : "recorded from a dirty tree or a debug build";
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
    const std::string why = why_incomparable(cell, *now, *then, run);
    if (!why.empty()) {
      out.why_not = why;
    } else {
      add_values(cell, *then, out);
    }
  }
  return out;
}

}  // namespace sslbench
