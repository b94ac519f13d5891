// SPDX-License-Identifier: Apache-2.0
// MLflow's file store (mlflow/mlflow, mlflow/store/tracking/file_store.py): an experiment for the suite, a folder a run
// with a file for each parameter, metric and tag. Its paths are the keys, so that every metric lies in exactly one
// folder: "<stage>/<curve>" by step, "<protocol>/<split>.<metric>" at the last step.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "reports/export/exporter.h"
#include "reports/export/tracked_run.h"
#include "reports/text/escape.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;
using Files = std::map<std::string, std::string>;

constexpr int kLocalSource = 4, kFinished = 3, kFailed = 4;  // of mlflow's SourceType and RunStatus
constexpr size_t kRunIdDigits = 32, kExperimentIdDigits = 18;

// The same suite goes to the same experiment each time, and a run to the same run.
std::string run_id(const Record& record) { return sha256_hex(record.run).substr(0, kRunIdDigits); }

std::string experiment_id(const std::string& suite) {
  std::string out;
  for (const char digit : sha256_hex(suite).substr(0, kExperimentIdDigits)) {
    out += static_cast<char>('1' + (digit <= '9' ? digit - '0' : digit - 'a') % 9);
  }
  return out;
}

// JSON is YAML.
std::string yaml(const std::map<std::string, json>& members) {
  std::string out;
  for (const auto& [name, value] : members) {
    out += name + ": " + value.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
  }
  return out;
}

int64_t milliseconds(std::time_t seconds) { return int64_t{1000} * seconds; }

// mlflow reads a value with Python's float().
std::string number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}

std::string metric_line(const TrackedTime& time, int64_t step, double value) {
  return std::to_string(milliseconds(time.ended)) + " " + number(value) + " " + std::to_string(step) + "\n";
}

void add_metrics(const Record& record, const TrackedTime& time, const std::string& folder, Files& out) {
  int64_t last = 0;
  for (const StageRecord& stage : record.stages) {
    for (const auto& [name, curve] : stage.curves) {
      std::string& lines = out[folder + file_name(stage.name) + "/" + file_name(name)];
      for (size_t i = 0; i < curve.step.size(); ++i) lines += metric_line(time, curve.step[i], curve.value[i]);
      for (const int64_t step : curve.step) last = std::max(last, step);
    }
  }
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& m : stage.measurements) {
      if (m.undefined()) continue;
      std::string key = m.metric;  // "iou/star" would need a folder beside the file of "iou"
      std::replace(key.begin(), key.end(), '/', '.');
      out[folder + file_name(m.protocol.text()) + "/" + file_name(m.split + "." + key)] +=
          metric_line(time, last, m.value);
    }
  }
}

void add_settings(const Record& record, const std::string& folder, Files& out) {
  for (const auto& [name, value] : tracked_settings(record)) {
    const std::string text =
        value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
    out[folder + file_name(name)] = visible_text(text);
  }
}

void add_run(const Record& record, const Snapshot& snapshot, const std::string& experiment, Files& out) {
  const TrackedTime time = tracked_time(snapshot, record);
  const std::string id = run_id(record), folder = experiment + "/" + id + "/";
  out[folder + "meta.yaml"] = yaml({{"artifact_uri", "./" + folder + "artifacts"},
                                    {"deleted_time", nullptr},
                                    {"end_time", milliseconds(time.ended)},
                                    {"entry_point_name", ""},
                                    {"experiment_id", experiment},
                                    {"lifecycle_stage", "active"},
                                    {"run_id", id},
                                    {"run_name", visible_text(record.run)},
                                    {"run_uuid", id},
                                    {"source_name", ""},
                                    {"source_type", kLocalSource},
                                    {"source_version", ""},
                                    {"start_time", milliseconds(time.begun)},
                                    {"status", counted_status(snapshot, record).ended_well() ? kFinished : kFailed},
                                    {"tags", json::array()},
                                    {"user_id", ""}});
  for (const char* each : {"artifacts/", "metrics/", "params/"}) out[folder + each];  // no run without all three
  add_metrics(record, time, folder + "metrics/", out);
  add_settings(record, folder + "params/", out);
  for (const auto& [name, value] : tracked_names(record)) out[folder + "tags/" + name] = value;
  out[folder + "tags/mlflow.runName"] = visible_text(record.run);
}

Files files(const ExportInput& input) {
  Files out;
  for (const Record& record : input.records) {
    const std::string id = experiment_id(record.suite);
    const int64_t now = milliseconds(tracked_time(input.snapshot, record).ended);
    out[id + "/meta.yaml"] = yaml({{"artifact_location", "./" + id},
                                   {"creation_time", now},
                                   {"experiment_id", id},
                                   {"last_update_time", now},
                                   {"lifecycle_stage", "active"},
                                   {"name", visible_text(record.suite)}});
    out[id + "/tags/mlflow.note.content"] = visible_text(record.question);
    add_run(record, input.snapshot, id, out);
  }
  return out;
}

const bool registered = Registry<ExporterEntry>::add({.name = "mlflow",
                                                      .summary = "a file store with every curve, one run a run",
                                                      .files = files,
                                                      .needs = {.curves = true}});

}  // namespace
}  // namespace sslbench
