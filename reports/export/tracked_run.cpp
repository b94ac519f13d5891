// SPDX-License-Identifier: Apache-2.0
#include "reports/export/tracked_run.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "reports/record/counted_settings.h"
#include "reports/record/revision_of.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr std::string_view kProtocol = "protocol";
constexpr double kLongest = 1e9;  // seconds that are believed of a run

double seconds_of(const Record& record) {
  double out = 0;
  for (const StageRecord& stage : record.stages) out += std::isfinite(stage.wall_seconds) ? stage.wall_seconds : 0;
  return std::clamp(out, 0.0, kLongest);
}

}  // namespace

RunStatus counted_status(const Snapshot& snapshot, const Record& record) {
  const auto found = std::find_if(snapshot.runs.begin(), snapshot.runs.end(), [&](const SnapshotRun& run) {
    return run.row == record.row && run.seed == record.seed;
  });
  return found == snapshot.runs.end() ? RunStatus() : run_status(found->status);
}

std::map<std::string, json> tracked_settings(const Record& record) {
  std::map<std::string, json> out;
  const json pretraining = counted_pretraining(record);
  for (const auto& [name, value] : pretraining.items()) out.emplace(name, value);
  for (const StageRecord& stage : record.stages) {
    const json protocol = counted_protocol(record, stage.name);
    for (const auto& [name, value] : protocol.items()) {
      const bool own = name.starts_with(kProtocol);
      out.emplace(own ? stage.name + name.substr(kProtocol.size()) : stage.name + "." + name, value);
    }
  }
  return out;
}

std::map<std::string, std::string> tracked_names(const Record& record) {
  std::map<std::string, std::string> out = {{"suite", record.suite},
                                            {"row", record.row},
                                            {"method", record.method},
                                            {"status", record.status},
                                            {"dataset", record.dataset},
                                            {"backbone", record.backbone},
                                            {"run", record.run},
                                            {"seed", std::to_string(record.seed)},
                                            {"revision", revision_of(record)}};
  for (auto& [name, value] : out) value = visible_text(value);
  std::erase_if(out, [](const auto& each) { return each.second.empty(); });
  return out;
}

TrackedTime tracked_time(const Snapshot& snapshot, const Record& record) {
  std::tm written{};
  std::istringstream text(snapshot.created);
  text >> std::get_time(&written, "%Y-%m-%dT%H:%M:%SZ");
  TrackedTime out;
  if (!text.fail()) out.ended = std::max<std::time_t>(0, ::timegm(&written));
  out.begun = std::max<std::time_t>(0, out.ended - static_cast<std::time_t>(seconds_of(record)));
  return out;
}

}  // namespace sslbench
