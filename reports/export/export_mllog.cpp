// SPDX-License-Identifier: Apache-2.0
// MLPerf's log lines. Times count from the start of each run, since records hold durations. A result checker takes
// every eval_accuracy for the number that a run is judged by, so that a protocol has one.
#include <algorithm>
#include <cmath>

#include "reports/comparison/comparison.h"
#include "reports/export/exporter.h"
#include "reports/export/tracked_run.h"
#include "reports/record/asked_run.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

std::string line(double seconds, const char* type, const std::string& key, const ordered_json& value,
                 const ordered_json& metadata) {
  const ordered_json content = {{"namespace", ""},    {"time_ms", static_cast<int64_t>(seconds * 1000)},
                                {"event_type", type}, {"key", key},
                                {"value", value},     {"metadata", metadata}};
  return ":::MLLOG " + content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// The first of a protocol's results; null where it has none.
const Measurement* primary_result(const StageRecord& stage) {
  const auto found = std::find_if(stage.measurements.begin(), stage.measurements.end(), [&](const Measurement& m) {
    return has_column(m) && stage.kind_of(m) != MetricKind::cost && !is_of_class(m.metric);
  });
  return found == stage.measurements.end() ? nullptr : &*found;
}

std::string run_lines(const Record& record, bool well) {
  const ordered_json about = {{"run", record.run}};
  std::string out = line(0, "POINT_IN_TIME", "submission_benchmark", record.suite + "/" + record.row, about);
  out += line(0, "POINT_IN_TIME", "seed", record.seed, about);
  const nlohmann::json pretrain = asked_run(record).pretrain;
  if (pretrain.contains("batch_size")) {
    out += line(0, "POINT_IN_TIME", "global_batch_size", ordered_json(pretrain.at("batch_size")), about);
    const auto parts = pretrain.contains("accumulate") ? ordered_json(pretrain.at("accumulate")) : ordered_json(1);
    out += line(0, "POINT_IN_TIME", "gradient_accumulation_steps", parts, about);
  }
  out += line(0, "INTERVAL_START", "run_start", nullptr, about);
  double now = 0;
  for (const StageRecord& stage : record.stages) {
    now += stage.wall_seconds;
    if (stage.plugin == "pretrain") out += line(now, "POINT_IN_TIME", "train_samples", stage.images, about);
    const Measurement* m = primary_result(stage);
    if (m == nullptr || !std::isfinite(m->value)) continue;
    out += line(now, "POINT_IN_TIME", "eval_accuracy", m->value,
                {{"run", record.run}, {"protocol", m->protocol}, {"metric", m->metric}, {"version", m->version}});
  }
  return out + line(now, "INTERVAL_END", "run_stop", nullptr,
                    {{"run", record.run}, {"status", well ? "success" : "aborted"}});
}

std::string text(const ExportInput& input) {
  std::string out;
  for (const Record& record : input.records) out += run_lines(record, counted_status(input.snapshot, record).ok());
  return out;
}

const bool registered = Registry<ExporterEntry>::add({"mllog", "MLPerf's log lines, one accuracy a protocol", text});

}  // namespace
}  // namespace sslbench
