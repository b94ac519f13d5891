// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/failed_record.h"

#include <map>
#include <optional>
#include <system_error>

#include "reports/record/curve_log.h"
#include "reports/record/environment.h"
#include "reports/record/record_store.h"
#include "reports/record/revision_of.h"
#include "reports/record/run_identity.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/foreign_json.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// The stages of a run in order, as empty records: name, plugin and key.
std::vector<StageRecord> expected_stages(const RunSpec& run) {
  std::vector<StageRecord> out(1);
  out[0].name = out[0].plugin = "pretrain";
  out[0].key = run.pretrain_key;
  for (const ProtocolSpec& protocol : run.protocols) {
    StageRecord stage;
    stage.name = protocol.row;
    stage.plugin = protocol.protocol;
    stage.key = protocol.key;
    out.push_back(stage);
  }
  return out;
}

std::optional<Record> readable(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  try {
    return read_record(file);
  } catch (const std::exception&) {  // a torn file of a dying worker loses that stage, never the failed record
    return std::nullopt;
  }
}

// The finished stage of that row and key, which keeps the name of the build that carried it out.
std::optional<StageRecord> finished_stage(const fs::path& file, const StageRecord& wanted) {
  const std::optional<Record> record = readable(file);
  if (!record) return std::nullopt;
  for (const StageRecord& found : record->stages) {
    if (found.name != wanted.name || found.key != wanted.key || !found.finished()) continue;
    StageRecord stage = found;
    if (stage.revision.empty()) stage.revision = revision_of(*record);
    return stage;
  }
  return std::nullopt;
}

// What the stage had logged when it failed; its numbers stay empty.
std::map<std::string, Curve> live_curves(const RunSpec& run, const std::string& stage) {
  try {
    return CurveLog::read(run.work_folder() / (stage + ".curves.log"));
  } catch (const RunFailure&) {  // a failing disk loses the curve, never the failed record
    return {};
  }
}

json known_environment(const RunSpec& run) {
  json out = environment();
  out["threads"] = run.threads;
  out["device"] = run.device;
  out["worker"] = run.worker;
  if (!run.commit.empty()) out["commit"] = run.commit;
  return out;
}

// As the method's own settings decide where they do ("targets=labels").
bool sees_labels(const RunSpec& run, const json& facts) {
  const std::string when = facts.value("labels_when", "");
  if (when.empty()) return facts.value("uses_labels", false);
  const size_t equals = when.find('=');
  return run.method_settings.value(when.substr(0, equals), "") == when.substr(equals + 1);
}

json known_facts(const RunSpec& run, const Catalog& catalog) {
  json out = {{"equal_cost", run.equal_cost}, {"pretraining_set", run.dataset.name}};
  const auto methods = catalog.kinds.find("method");
  if (methods == catalog.kinds.end() || !methods->second.contains(run.method)) return out;
  const json& facts = methods->second.at(run.method).facts;
  out["uses_labels"] = sees_labels(run, facts);
  out["role"] = facts.value("role", "");
  out["pretrained_elsewhere"] = !facts.value("trains", true) && !run.files.empty();
  return out;
}

}  // namespace

std::string WorkerFailure::text() const {
  if (stage.empty()) return message;
  return message + " (stage " + stage + (step >= 0 ? ", step " + std::to_string(step) : "") + ")";
}

WorkerFailure read_failure(const RunSpec& run) {
  try {
    const json from = parse_foreign_json(read_regular_file(run.work_folder() / "failure.json", kMostWorkFileBytes));
    return {failure_from_name(from.at("kind").get<std::string>()), from.at("message").get<std::string>(),
            from.value("stage", ""), from.value("step", int64_t{-1})};
  } catch (const std::exception&) {
    return {FailureKind::internal, "the worker failed and left no readable failure.json; see its log", "", -1};
  }
}

Record failed_record(const RunSpec& run, const WorkerFailure& failure, const Catalog& catalog) {
  Record out;
  set_identity(run, out);
  out.status = "failed(" + std::string(failure_name(failure.kind)) + ")";
  out.failure = failure.text();
  out.attempts = run.attempt;
  out.requested = run.requested;
  out.effective = run_spec_to_json(run);
  out.facts = known_facts(run, catalog);
  out.environment = known_environment(run);
  for (StageRecord& wanted : expected_stages(run)) {
    std::optional<StageRecord> kept = finished_stage(run.work_folder() / ("stage-" + wanted.name + ".h5"), wanted);
    if (!kept) kept = finished_stage(run.record_file(), wanted);
    if (kept) {
      out.stages.push_back(std::move(*kept));
    } else if (wanted.name == failure.stage) {
      wanted.status = out.status;
      wanted.curves = live_curves(run, wanted.name);
      out.stages.push_back(std::move(wanted));
    }
  }
  return out;
}

}  // namespace sslbench
