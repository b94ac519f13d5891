// SPDX-License-Identifier: Apache-2.0
// A record in short: what commands need that look at all records of a folder and show the numbers of none.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

struct BriefStage {
  std::string name, plugin, key, revision;  // as StageRecord's; the revision is the record's where it has none
  bool finished = false, taken_over = false;
  double wall_seconds = 0;
  int64_t peak_process_bytes = 0, peak_device_bytes = -1;
};

struct BriefRecord {
  std::string run, status;
  int64_t attempts = 1;
  std::string build;                   // "<revision> <build type>" that wrote the record
  std::string worker, machine_class;   // of its environment
  std::vector<std::string> revisions;  // revisions_of()
  std::vector<BriefStage> stages;
  // The RunSpec as JSON without what belongs to one seed, place or call: one text for all runs of a row. Null where the
  // record holds no RunSpec that this build can read.
  std::shared_ptr<const std::string> settings;

  bool final() const { return run_status(status).ended_well(); }
};

BriefRecord brief_record(const Record& record);

// All but the settings.
nlohmann::json brief_to_json(const BriefRecord& brief);
// nlohmann's exception when it is none.
BriefRecord brief_from_json(const nlohmann::json& from);
// Two lines: the settings ("" where there are none) and the rest as JSON.
std::string brief_text(const BriefRecord& brief);

}  // namespace sslbench
