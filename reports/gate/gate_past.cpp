// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate_past.h"

#include <algorithm>

#include "reports/history/comparability.h"

namespace sslbench {
namespace {

std::string why_not(const SnapshotCell& now, const Snapshot& here, const SnapshotCell& then, const Snapshot& there) {
  const std::string why = why_incomparable(there, then, here, now);
  if (!why.empty()) return why;
  const std::string settings = settings_difference(there, then, here, now);
  return settings.empty() ? "" : "other settings: " + settings;
}

void add_values(const SnapshotCell& now, const SnapshotCell& then, const std::string& created, Past& out) {
  PastRuns runs{created, {}};
  for (const auto& pair : then.by_seed) {
    const auto here = now.by_seed.find(pair.first);
    if (here != now.by_seed.end() && here->second == pair.second) {
      out.repeated.insert(pair);
    } else if (out.known.insert(pair).second || now.is_cost()) {
      runs.values.push_back(pair.second);
    } else {
      out.seeds_again.insert(pair.first);
    }
  }
  if (!runs.values.empty()) out.runs.push_back(std::move(runs));
}

// Every seed that both hold has the same value: the same runs, recorded before they were judged.
bool is_the_same(const SnapshotCell& now, const SnapshotCell& then) {
  bool any = false;
  for (const auto& [seed, value] : now.by_seed) {
    const auto found = then.by_seed.find(seed);
    if (found == then.by_seed.end()) continue;
    if (found->second != value) return false;
    any = true;
  }
  return any;
}

bool same_program(const Snapshot& a, const Snapshot& b) {
  return a.revision == b.revision && a.dirty == b.dirty &&
         (a.worker == b.worker || a.worker.empty() || b.worker.empty());
}

// Bit for bit what an earlier program gave: the code in between changed nothing. A record of this very program says
// nothing of that: it may be these runs, recorded before they were judged.
void note_unchanged(const SnapshotCell& now, const Snapshot& here, const SnapshotCell& then, const Snapshot& there,
                    Past& out) {
  if (now.is_cost() || same_program(here, there)) return;
  const auto known = [&](const auto& run) { return then.by_seed.contains(run.first); };
  if (std::none_of(now.by_seed.begin(), now.by_seed.end(), known)) return;
  const bool all = std::all_of(now.by_seed.begin(), now.by_seed.end(), known);
  out.unchanged_since = all && is_the_same(now, then) ? there.shown_commit() : "";
}

}  // namespace

Past past_of(const SnapshotCell& cell, const Snapshot* now, const History& history) {
  Past out;
  out.accepted = history.accepted_of(cell);
  for (const Snapshot& run : history.runs) {
    if (out.accepted != nullptr && (out.accepted->pending || run.created <= out.accepted->created)) continue;
    const SnapshotCell* then = run.find(cell);
    if (then == nullptr) continue;
    out.last = then;
    if (now == nullptr) continue;
    if (then->version == cell.version && !cell.is_cost()) out.largest_n = std::max(out.largest_n, then->n);
    const std::string why = why_not(cell, *now, *then, run);
    if (!why.empty()) {
      out.why_not = why;
    } else {
      ++out.records;
      note_unchanged(cell, *now, *then, run, out);
      add_values(cell, *then, run.created, out);
      if (run.machine_class == now->machine_class) out.same_machine.push_back(then);
    }
  }
  return out;
}

SeedPairs repeating_pairs(const SnapshotCell& now, const Past& past) {
  SeedPairs out;
  for (const auto& [seed, value] : now.by_seed) {
    std::vector<double> before;  // newest first
    for (auto record = past.same_machine.rbegin(); record != past.same_machine.rend(); ++record) {
      const auto found = (*record)->by_seed.find(seed);
      if (found != (*record)->by_seed.end() && !is_the_same(now, **record)) before.push_back(found->second);
    }
    if (before.empty()) continue;
    const auto same = std::count(before.begin(), before.end(), before.front());
    if (static_cast<size_t>(same) < kSameAgain) return {};
    out.before.push_back(before.front());
    out.after.push_back(value);
  }
  return out;
}

}  // namespace sslbench
