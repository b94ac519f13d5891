// SPDX-License-Identifier: Apache-2.0
#include "reports/history/comparability.h"

#include "reports/text/escape.h"

namespace sslbench {
namespace {

constexpr size_t kShownDigits = 12;

std::string change(const std::string& what, const std::string& then, const std::string& now) {
  return what + " " + then + " → " + now;
}

bool differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

// Speed, memory and energy are a machine's, and those of a debug build or a changed tree say nothing.
std::string why_costs_differ(const Snapshot& there, const Snapshot& here) {
  if (there.machine_class.empty() || here.machine_class.empty()) {
    return "a table of measurements does not say on which machine; compare results folders";
  }
  if (there.machine_class != here.machine_class) {
    return change("machine class", "'" + there.machine_class + "'", "'" + here.machine_class + "'");
  }
  for (const auto& [snapshot, when] : {std::pair(&there, "recorded"), std::pair(&here, "measured")}) {
    const std::string why = snapshot->why_unofficial();
    if (!why.empty()) return "speed and memory of a " + why + " (" + when + ")";
  }
  return "";
}

}  // namespace

std::string why_incomparable(const Snapshot& there, const SnapshotCell& then, const Snapshot& here,
                             const SnapshotCell& now) {
  if (then.version != now.version) {
    return change("protocol version", std::to_string(then.version), std::to_string(now.version));
  }
  if (then.unit != now.unit) return change("unit", then.unit, now.unit);
  if (then.is_fraction() != now.is_fraction() || then.is_cost() != now.is_cost()) {
    return change("kind", kind_name(then.kind), kind_name(now.kind));
  }
  if (then.direction != now.direction) return change("better is", then.direction, now.direction);
  if (then.dataset != now.dataset) return change("data set", then.dataset, now.dataset);
  if (differ(then.data, now.data)) {
    return change("other data, digest", then.data.substr(0, kShownDigits), now.data.substr(0, kShownDigits));
  }
  return now.is_cost() ? why_costs_differ(there, here) : "";
}

std::string settings_difference(const Snapshot& there, const SnapshotCell& then, const Snapshot& here,
                                const SnapshotCell& now) {
  if (!differ(then.config, now.config)) return "";
  if (then.config == now.config_1 || then.config_1 == now.config) return "";
  const nlohmann::json before = there.settings_of(then), after = here.settings_of(now);
  if (before.is_null() || after.is_null()) {
    return "settings: history of an older program keeps a digest of them only; record those results again";
  }
  return visible_text(what_differs(before, after));
}

}  // namespace sslbench
