// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/failed_record.h"

#include <map>
#include <optional>

#include "reports/record/curve_log.h"
#include "reports/record/run_identity.h"
#include "suites/ground/wall_clock.h"
#include "suites/handover/finished_stage.h"
#include "suites/handover/run_facts.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

using nlohmann::json;

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

// What the stage had logged when it failed; its numbers stay empty.
std::map<std::string, Curve> live_curves(const RunSpec& run, const std::string& stage) {
  try {
    return CurveLog::read(curve_log_file(run.work_folder(), stage));
  } catch (const RunFailure&) {  // a failing disk loses the curve, never the failed record
    return {};
  }
}

MethodFacts known_facts(const RunSpec& run, const Catalog& catalog) {
  const auto methods = catalog.kinds.find("method");
  if (methods == catalog.kinds.end() || !methods->second.contains(run.method)) return {};
  const json& facts = methods->second.at(run.method).facts;
  return {facts.value("role", ""), facts.value("uses_labels", false), facts.value("labels_when", ""),
          facts.value("trains", true)};
}

}  // namespace

Record failed_record(const RunSpec& run, const WorkerFailure& failure, const Catalog& catalog) {
  Record out;
  set_identity(run, out);
  out.status = RunStatus::failed(failure.kind).text();
  out.failure = failure.text();
  out.attempts = run.attempt;
  out.ended = utc_now();
  out.requested = run.requested.value();
  out.effective = run_spec_to_json(run);
  out.facts = facts_of_run(run, known_facts(run, catalog));
  out.environment = environment_of_run(run);
  for (StageRecord& wanted : expected_stages(run)) {
    std::optional<FinishedStage> kept = read_finished_stage(fragment_file(run, wanted.name), wanted.key, wanted.name);
    if (!kept) kept = read_finished_stage(run.record_file(), wanted.key, wanted.name);
    if (kept) {
      out.stages.push_back(std::move(kept->stage));
    } else if (wanted.name == failure.stage) {
      wanted.status = out.status;
      wanted.curves = live_curves(run, wanted.name);
      out.stages.push_back(std::move(wanted));
    }
  }
  return out;
}

}  // namespace sslbench
