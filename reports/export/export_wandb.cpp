// SPDX-License-Identifier: Apache-2.0
// W&B's offline runs (wandb/wandb, wandb/proto/wandb_internal.proto), a folder each, for `wandb sync`. Stages count
// their steps for themselves, while a run of W&B has one step that only grows: a row of the history holds what one
// stage logged at one of its steps, "<stage>/step", which is the axis of that stage's curves.
#include <algorithm>
#include <cmath>

#include "reports/export/exporter.h"
#include "reports/export/protobuf_message.h"
#include "reports/export/tracked_run.h"
#include "reports/export/wandb_log.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

using nlohmann::json;

// Field numbers.
constexpr uint32_t kNumber = 1;  // of Record, with what it holds:
constexpr uint32_t kHistory = 2, kSummary = 3, kMetric = 12, kRun = 17, kExit = 18, kHeader = 21;
constexpr uint32_t kItem = 1, kStep = 2, kStepNumber = 1;            // of HistoryRecord, HistoryStep
constexpr uint32_t kUpdate = 1;                                      // of ConfigRecord and SummaryRecord
constexpr uint32_t kKey = 1, kValueJson = 16;                        // of their items and HistoryItem
constexpr uint32_t kMetricName = 1, kGlob = 2, kStepMetric = 4;      // of MetricRecord
constexpr uint32_t kMetricOptions = 6, kStepSync = 1, kDefined = 3;  // of MetricRecord, MetricOptions
constexpr uint32_t kExitCode = 1, kExitRuntime = 2;                  // of RunExitRecord
constexpr uint32_t kRunId = 1, kProject = 3, kConfig = 4;            // of RunRecord
constexpr uint32_t kRunGroup = 6, kDisplayName = 8, kNotes = 9, kTags = 10, kStartTime = 17;
constexpr uint32_t kSeconds = 1;                                       // of Timestamp
constexpr uint32_t kVersionInfo = 1, kProducer = 1, kMinConsumer = 2;  // of HeaderRecord, VersionInfo

// As Python's json and wandb's own reader have it: what is no number is a word that JSON lacks.
std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return json(value).dump();
}

std::string value_text(const json& value) { return value.dump(-1, ' ', true, json::error_handler_t::replace); }

ProtobufMessage item(const std::string& key, const std::string& value) {
  return ProtobufMessage().add_text(kKey, key).add_text(kValueJson, value);
}

ProtobufMessage item(const std::string& key, int64_t value) { return item(key, std::to_string(value)); }

std::string id_of(const Record& record) { return file_name(record.run); }

class RunFile {
 public:
  RunFile(const Record& record, const Snapshot& snapshot)
      : record_(record), time_(tracked_time(snapshot, record)), well_(counted_status(snapshot, record).ended_well()) {}

  std::string bytes() {
    add(kHeader, ProtobufMessage().add_message(
                     kVersionInfo, ProtobufMessage().add_text(kProducer, "sslbench").add_text(kMinConsumer, "0.0.1")));
    add(kRun, run());
    for (const StageRecord& stage : record_.stages) add_history(stage);
    add_summary();
    add(kExit, ProtobufMessage().add_integer(kExitCode, well_ ? 0 : 1).add_integer(kExitRuntime, runtime()));
    return log_.bytes();
  }

 private:
  void add(uint32_t kind, const ProtobufMessage& content) {
    log_.add(ProtobufMessage().add_integer(kNumber, ++records_).add_message(kind, content).bytes());
  }

  int64_t runtime() const { return time_.ended - time_.begun; }

  ProtobufMessage run() const {
    ProtobufMessage config, out;
    for (const auto& [name, value] : tracked_settings(record_))
      config.add_message(kUpdate, item(name, value_text(value)));
    const std::map<std::string, std::string> names = tracked_names(record_);
    for (const auto& [name, value] : names) config.add_message(kUpdate, item("run." + name, value_text(value)));
    out.add_text(kRunId, id_of(record_)).add_text(kProject, file_name(record_.suite)).add_message(kConfig, config);
    out.add_text(kRunGroup, visible_text(record_.row)).add_text(kDisplayName, visible_text(record_.run));
    out.add_text(kNotes, visible_text(record_.question));
    for (const char* name : {"row", "dataset", "backbone"}) {
      if (const auto found = names.find(name); found != names.end()) out.add_text(kTags, found->second);
    }
    return out.add_message(kStartTime, ProtobufMessage().add_integer(kSeconds, time_.begun));
  }

  void add_history(const StageRecord& stage) {
    std::map<int64_t, std::map<std::string, double>> rows;
    for (const auto& [name, curve] : stage.curves) {
      for (size_t i = 0; i < curve.step.size(); ++i) rows[curve.step[i]][name] = curve.value[i];
    }
    if (rows.empty()) return;
    const std::string step = stage.name + "/step";
    add(kMetric, ProtobufMessage().add_text(kMetricName, step));
    add(kMetric,
        ProtobufMessage()
            .add_text(kGlob, stage.name + "/*")
            .add_text(kStepMetric, step)
            .add_message(kMetricOptions, ProtobufMessage().add_integer(kStepSync, 1).add_integer(kDefined, 1)));
    for (const auto& [at, values] : rows) {
      ProtobufMessage row;
      for (const auto& [name, value] : values) {
        row.add_message(kItem, item(stage.name + "/" + name, number_text(value)));
        summary_[stage.name + "/" + name] = number_text(value);
      }
      row.add_message(kItem, item(step, at)).add_message(kItem, item("_step", steps_));
      row.add_message(kItem, item("_timestamp", time_.ended)).add_message(kItem, item("_runtime", runtime()));
      add(kHistory, row.add_message(kStep, ProtobufMessage().add_integer(kStepNumber, steps_++)));
    }
  }

  void add_summary() {
    for (const StageRecord& stage : record_.stages) {
      for (const Measurement& m : stage.measurements) {
        if (!m.undefined()) summary_[m.protocol + "/" + m.split + "/" + m.metric] = number_text(m.value);
      }
    }
    summary_["_step"] = std::to_string(std::max<int64_t>(0, steps_ - 1));
    summary_["_runtime"] = std::to_string(runtime());
    summary_["_timestamp"] = std::to_string(time_.ended);
    ProtobufMessage content;
    for (const auto& [key, value] : summary_) content.add_message(kUpdate, item(key, value));
    add(kSummary, content);
  }

  const Record& record_;
  TrackedTime time_;
  bool well_;
  WandbLog log_;
  int64_t records_ = 0, steps_ = 0;
  std::map<std::string, std::string> summary_;  // JSON by key
};

// "offline-run-20261123_041000-<id>": what `wandb sync` looks for.
std::string folder_of(const Record& record, const Snapshot& snapshot) {
  const std::time_t begun = tracked_time(snapshot, record).begun;
  std::tm utc{};
  char text[32];
  ::gmtime_r(&begun, &utc);
  std::strftime(text, sizeof text, "%Y%m%d_%H%M%S", &utc);
  return std::string("offline-run-") + text + "-" + id_of(record);
}

std::map<std::string, std::string> files(const ExportInput& input) {
  std::map<std::string, std::string> out;
  for (const Record& record : input.records) {
    out[folder_of(record, input.snapshot) + "/run-" + id_of(record) + ".wandb"] =
        RunFile(record, input.snapshot).bytes();
  }
  return out;
}

const bool registered = Registry<ExporterEntry>::add({.name = "wandb",
                                                      .summary = "offline runs with every curve, for `wandb sync`",
                                                      .files = files,
                                                      .needs = {.curves = true}});

}  // namespace
}  // namespace sslbench
