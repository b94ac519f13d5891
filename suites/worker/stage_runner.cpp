// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/stage_runner.h"

#include <algorithm>

#include "datasets/install/content_check.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/handover/finished_stage.h"
#include "suites/handover/work_files.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/noted_warnings.h"
#include "suites/training/resource_meter.h"
#include "suites/training/saving/checkpoint.h"
#include "suites/worker/log/log.h"
#include "suites/worker/process/stop_signal.h"
#include "suites/worker/stage_costs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// Of a record, as this run's stage of that name; one of another run says where it comes from.
std::optional<FinishedStage> taken_from(const fs::path& record, const std::string& run, const StageRecord& wanted) {
  std::optional<FinishedStage> found = read_finished_stage(record, wanted.key);
  if (!found) return std::nullopt;
  StageRecord& stage = found->stage;
  stage.name = wanted.name;
  if (stage.taken_from.empty() && found->run != run) stage.taken_from = found->run + " at " + stage.revision;
  return found;
}

// What the first rank says.
bool first_ones(bool own, Ranks& group) {
  if (group.alone()) return own;
  const at::Tensor word = at::tensor({int64_t{own}});
  group.copy_from_first(word);
  return word.const_data_ptr<int64_t>()[0] != 0;
}

// Of all ranks: times of the first one and peaks of the largest, processor time and energy of all together.
Resources over_ranks(const Resources& own, Ranks& group) {
  if (group.alone()) return own;
  Resources out = own;
  const at::Tensor sums = at::tensor({own.cpu_seconds, own.energy_joules});
  const at::Tensor peaks = at::tensor({own.peak_process_bytes, own.peak_tensor_bytes, own.peak_device_bytes,
                                       int64_t{own.energy_joules == kSharedDevice}});
  group.sum(sums);
  group.max(peaks);
  out.cpu_seconds = sums.const_data_ptr<double>()[0];
  if (own.energy_joules >= 0) out.energy_joules = sums.const_data_ptr<double>()[1];
  const auto* peak = peaks.const_data_ptr<int64_t>();
  if (peak[3] != 0) out.energy_joules = kSharedDevice;
  out.peak_process_bytes = peak[0], out.peak_tensor_bytes = peak[1], out.peak_device_bytes = peak[2];
  return out;
}

void add_costs(StageRecord& stage) {
  const int64_t n = stage.images;
  stage.add("wall_time", Split::train, stage.wall_seconds, n);
  stage.add("cpu_time", Split::train, stage.cpu_seconds, n);
  if (stage.images_per_second > 0) stage.add("throughput", Split::train, stage.images_per_second, n);
  const auto held = [&](const char* metric, double value) {
    if (value >= 0) stage.add(metric, Split::train, value, n);
  };
  held("peak_memory_process", static_cast<double>(stage.peak_process_bytes));
  held("peak_memory_tensors", static_cast<double>(stage.peak_tensor_bytes));
  held("peak_memory_device", static_cast<double>(stage.peak_device_bytes));
  held("energy", stage.energy_joules);
}

}  // namespace

bool StageRunner::take_over(StageRecord& stage) {
  group_.wait_for_all();
  const StageRecord wanted = stage;
  if (group_.is_first() && find_known(stage)) return first_ones(true, group_);
  if (!first_ones(false, group_)) return false;
  if (find_known(stage)) return true;
  throw RunFailure(FailureKind::ranks, "rank " + std::to_string(group_.rank()) + " does not see the finished stage '" +
                                           wanted.name + "' in " + spec_.work_folder().string() +
                                           ": ranks share the results folder");
}

bool StageRunner::find_known(StageRecord& stage) {
  std::optional<FinishedStage> found = taken_from(fragment_file(spec_, stage.name), spec_.name(), stage);
  const auto known = spec_.reuse.find(stage.name);
  if (!found && known != spec_.reuse.end()) found = taken_from(known->second, spec_.name(), stage);
  if (!found) return false;
  stage = std::move(found->stage);
  if (!found->notes.empty()) notes_[stage.name] = std::move(found->notes);
  return true;
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
  const double together = group_.seconds();
  StageContext context{.record = stage,
                       .work = spec_.work_folder(),
                       .device = device_,
                       .seed = static_cast<uint64_t>(spec_.seed),
                       .earlier = {},
                       .used = [&] { return over_ranks(meter.read(), group_); },
                       .progress = [this](int64_t step, int64_t steps,
                                          double images_per_second) { this->step(step, steps, images_per_second); },
                       .loss = [this](double loss) { progress_.loss(loss); },
                       .stop_requested = [this] { return should_stop(); },
                       .note =
                           [this, row = stage.name](const std::string& text) {
                             log_info(row + ": " + text);
                             notes_[row].push_back(text);
                           }};
  const NotedWarnings warnings;
  body(context);
  if (const std::string note = warnings.note(); !note.empty()) context.note(note);
  expect_checked_content(/*to_the_end=*/true);
  const Resources attempt = over_ranks(meter.read(), group_), used = context.earlier + attempt;
  stage.wall_seconds = used.wall_seconds;
  stage.cpu_seconds = used.cpu_seconds;
  stage.peak_process_bytes = used.peak_process_bytes;
  stage.peak_tensor_bytes = used.peak_tensor_bytes;
  stage.peak_device_bytes = used.peak_device_bytes;
  stage.energy_joules = std::max(-1.0, used.energy_joules);
  if (used.energy_joules == kSharedDevice)
    context.note("its energy is not known: other processes used the device, too");
  stage.revision = build_revision(spec_.worker).text();
  add_costs(stage);
  if (!group_.alone() && device_.is_cpu()) {
    stage.add("collective_share", Split::train, (group_.seconds() - together) / attempt.wall_seconds, stage.images);
  }
}

void StageRunner::step(int64_t step, int64_t steps, double images_per_second) {
  current_step_ = step;
  progress_.step(step, steps, images_per_second);
}

bool StageRunner::should_stop() {
  progress_.alive();
  expect_checked_content(/*to_the_end=*/false);
  return stop_requested();
}

StageRecord StageRunner::run(const std::string& row, const std::string& plugin, int64_t version,
                             const std::string& dataset, const std::string& key, const std::vector<Metric>& metrics,
                             const std::function<void(StageContext&)>& body) {
  StageRecord stage;
  stage.metrics = joined(metrics, stage_costs());
  stage.name = row, stage.plugin = plugin, stage.key = key, stage.status = RunStatus{RunStatus::Kind::ok}.text();
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
  if (!group_.is_first()) return stage;
  write_finished_stage(spec_, {stage, notes_.contains(row) ? notes_.at(row) : std::vector<std::string>(), spec_.name()},
                       environment_);
  Checkpoints(spec_.work_folder(), row, key).remove_all();  // the fragment holds what they were for
  progress_.end(row);
  return stage;
}

}  // namespace sslbench
