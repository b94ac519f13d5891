// SPDX-License-Identifier: Apache-2.0
#include "reports/record/brief_record.h"

#include <limits>

#include "reports/record/revision_of.h"
#include "suites/ground/error.h"
#include "suites/plan/run_spec.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::shared_ptr<const std::string> settings_of(const Record& record) {
  try {
    RunSpec run = run_spec_from_json(record.effective, record.run);
    RunSpec kept;
    kept.suite = run.suite, kept.row = run.row, kept.method = run.method, kept.id = run.id;
    kept.dataset = run.dataset, kept.backbone = run.backbone;
    kept.backbone_settings = run.backbone_settings, kept.method_settings = run.method_settings;
    kept.pretrain = run.pretrain, kept.views = run.views, kept.files = run.files;
    kept.protocols = std::move(run.protocols);
    for (ProtocolSpec& protocol : kept.protocols) protocol.key = "";
    kept.threads = run.threads, kept.ranks = run.ranks, kept.device = run.device;
    return std::make_shared<const std::string>(run_spec_to_json(kept).dump());
  } catch (const UserError&) {
    return nullptr;
  }
}

json stage_to_json(const BriefStage& stage) {
  return {stage.name,
          stage.plugin,
          stage.key,
          stage.revision,
          stage.finished,
          stage.taken_over,
          stage.wall_seconds,
          stage.peak_process_bytes,
          stage.peak_device_bytes};
}

BriefStage stage_from_json(const json& from) {
  const double seconds = from.at(6).is_null() ? std::numeric_limits<double>::quiet_NaN() : from.at(6).get<double>();
  return {from.at(0), from.at(1), from.at(2), from.at(3), from.at(4), from.at(5), seconds, from.at(7), from.at(8)};
}

}  // namespace

BriefRecord brief_record(const Record& record) {
  BriefRecord out;
  out.run = record.run;
  out.status = record.status;
  out.attempts = record.attempts;
  out.build = revision_of(record) + " " + text_of(record.environment, "build_type");
  out.worker = text_of(record.environment, "worker");
  out.machine_class = text_of(record.environment, "machine_class");
  out.revisions = revisions_of(record);
  out.settings = settings_of(record);
  for (const StageRecord& stage : record.stages) {
    out.stages.push_back({stage.name, stage.plugin, stage.key,
                          stage.revision.empty() ? revision_of(record) : stage.revision, stage.finished(),
                          !stage.taken_from.empty(), stage.wall_seconds, stage.peak_process_bytes,
                          stage.peak_device_bytes});
  }
  return out;
}

json brief_to_json(const BriefRecord& brief) {
  json stages = json::array();
  for (const BriefStage& stage : brief.stages) stages.push_back(stage_to_json(stage));
  return {brief.run,    brief.status,        brief.attempts,  brief.build,
          brief.worker, brief.machine_class, brief.revisions, std::move(stages)};
}

BriefRecord brief_from_json(const json& from) {
  BriefRecord out{from.at(0), from.at(1), from.at(2), from.at(3), from.at(4), from.at(5)};
  out.revisions = from.at(6).get<std::vector<std::string>>();
  for (const json& stage : from.at(7)) out.stages.push_back(stage_from_json(stage));
  return out;
}

std::string brief_text(const BriefRecord& brief) {
  return (brief.settings ? *brief.settings : "") + "\n" +
         brief_to_json(brief).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace sslbench
