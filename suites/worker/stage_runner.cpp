// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/stage_runner.h"

#include "datasets/install/content_check.h"
#include "reports/record/record_store.h"
#include "reports/record/revision_of.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/protocols/protocol.h"
#include "suites/training/checkpoint.h"
#include "suites/training/resource_meter.h"
#include "suites/worker/log/log.h"
#include "suites/worker/stop_signal.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNotes = "stage_notes";  // of Record::facts: stage -> texts

std::vector<std::string> notes_in(const Record& record, const std::string& stage) {
  std::vector<std::string> out;
  if (!record.facts.is_object() || !record.facts.contains(kNotes)) return out;
  const nlohmann::json& all = record.facts.at(kNotes);
  if (!all.is_object() || !all.contains(stage) || !all.at(stage).is_array()) return out;
  for (const nlohmann::json& note : all.at(stage)) {
    if (note.is_string()) out.push_back(note);
  }
  return out;
}

// Copies the finished stage of that key out of a record file, with its notes; false when it is not there or not
// readable. A stage of another run says where it comes from; each keeps the revision that carried it out.
bool find_stage(const fs::path& file, const std::string& run, StageRecord& stage, std::vector<std::string>& notes) {
  if (!fs::exists(file)) return false;
  Record record;
  try {
    record = read_record(file);
  } catch (const UserError&) {
    return false;
  }
  for (StageRecord& found : record.stages) {
    if (found.key != stage.key || !found.finished()) continue;
    const std::string row = stage.name;
    notes = notes_in(record, found.name);
    stage = std::move(found);
    stage.name = row;
    if (stage.revision.empty()) stage.revision = revision_of(record);
    if (stage.taken_from.empty() && record.run != run) stage.taken_from = record.run + " at " + stage.revision;
    return true;
  }
  return false;
}

void add_costs(StageRecord& stage) {
  const int64_t n = stage.images;
  add_measurement(stage, "wall_time", "train", stage.wall_seconds, "s", "lower", n);
  add_measurement(stage, "cpu_time", "train", stage.cpu_seconds, "s", "lower", n);
  if (stage.images_per_second > 0) {
    add_measurement(stage, "throughput", "train", stage.images_per_second, "images/s", "higher", n);
  }
  const auto bytes = [&](const char* metric, int64_t value) {
    if (value >= 0) add_measurement(stage, metric, "train", static_cast<double>(value), "B", "lower", n);
  };
  bytes("peak_memory_process", stage.peak_process_bytes);
  bytes("peak_memory_tensors", stage.peak_tensor_bytes);
  bytes("peak_memory_device", stage.peak_device_bytes);
  if (stage.energy_joules >= 0) add_measurement(stage, "energy", "train", stage.energy_joules, "J", "lower", n);
}

}  // namespace

fs::path fragment_file(const RunSpec& spec, const std::string& row) {
  return spec.work_folder() / ("stage-" + row + ".h5");
}

bool StageRunner::take_over(StageRecord& stage) {
  std::vector<std::string> notes;
  bool found = find_stage(fragment_file(spec_, stage.name), spec_.name(), stage, notes);
  const auto known = spec_.reuse.find(stage.name);
  if (!found && known != spec_.reuse.end()) found = find_stage(known->second, spec_.name(), stage, notes);
  if (!notes.empty()) notes_[stage.name] = std::move(notes);
  return found;
}

std::vector<std::string> StageRunner::notes() const {
  std::vector<std::string> out;
  for (const auto& [stage, notes] : notes_) {
    for (const std::string& note : notes) out.push_back(stage + ": " + note);
  }
  return out;
}

void StageRunner::carry_out(StageRecord& stage, const std::function<void(StageContext&)>& body) {
  const ResourceMeter meter(device_.is_cuda() ? device_.index() : -1);
  StageContext context{.record = stage,
                       .work = spec_.work_folder(),
                       .device = device_,
                       .seed = static_cast<uint64_t>(spec_.seed),
                       .earlier = {},
                       .used = [&] { return meter.read(); },
                       .progress =
                           [this](int64_t step, int64_t steps, double images_per_second) {
                             current_step_ = step;
                             progress_.step(step, steps, images_per_second);
                           },
                       .stop_requested = [this] { return should_stop(); },
                       .note =
                           [this, row = stage.name](const std::string& text) {
                             log_info(row + ": " + text);
                             notes_[row].push_back(text);
                           }};
  body(context);
  expect_checked_content(/*to_the_end=*/true);
  const Resources used = context.earlier + meter.read();
  stage.wall_seconds = used.wall_seconds;
  stage.cpu_seconds = used.cpu_seconds;
  stage.peak_process_bytes = used.peak_process_bytes;
  stage.peak_tensor_bytes = used.peak_tensor_bytes;
  stage.peak_device_bytes = used.peak_device_bytes;
  stage.energy_joules = used.energy_joules;
  stage.revision = build_revision(spec_.worker).text();
  add_costs(stage);
}

bool StageRunner::should_stop() {
  progress_.alive();
  expect_checked_content(/*to_the_end=*/false);
  return stop_requested();
}

StageRecord StageRunner::run(const std::string& row, const std::string& plugin, int64_t version,
                             const std::string& dataset, const std::string& key,
                             const std::function<void(StageContext&)>& body) {
  StageRecord stage;
  stage.name = row, stage.plugin = plugin, stage.key = key, stage.status = "ok";
  current_ = row;
  current_step_ = 0;
  progress_.begin(row);
  if (!take_over(stage)) carry_out(stage, body);
  for (Measurement& each : stage.measurements) {
    each.suite = spec_.suite, each.dataset = dataset, each.method = spec_.row, each.backbone = spec_.backbone;
    each.seed = spec_.seed, each.stage = plugin, each.protocol = row, each.run = spec_.name();
    each.method_name = spec_.method;
    if (each.version == 0) each.version = version;
  }
  Record fragment;
  fragment.run = spec_.name();
  fragment.environment = environment_;
  if (notes_.contains(row)) fragment.facts = {{kNotes, {{row, notes_.at(row)}}}};
  fragment.stages = {stage};
  write_record(fragment, fragment_file(spec_, row));
  Checkpoints(spec_.work_folder(), row, key).remove_all();  // the fragment holds what they were for
  progress_.end(row);
  return stage;
}

}  // namespace sslbench
