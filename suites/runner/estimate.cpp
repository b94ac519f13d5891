// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/estimate.h"

#include <algorithm>
#include <system_error>

#include "reports/record/record_store.h"
#include "reports/record/revision_of.h"
#include "suites/ground/error.h"
#include "suites/plan/plan_keys.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

int64_t size_of(const fs::path& file) {
  std::error_code error;
  const uintmax_t bytes = fs::file_size(file, error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

// Stage row -> what its cost depends on.
std::map<std::string, std::string> cost_keys(RunSpec run, const Sameness& sameness) {
  run.seed = 0;
  set_keys(run, sameness);
  const std::string where = " " + std::to_string(run.threads) + " " + std::to_string(run.ranks) + " " +
                            run.device.substr(0, run.device.find(':'));
  std::map<std::string, std::string> out{{"pretrain", run.pretrain_key + where}};
  for (const ProtocolSpec& protocol : run.protocols) out[protocol.row] = protocol.key + where;
  return out;
}

}  // namespace

StageCosts::StageCosts(const std::vector<fs::path>& folders, const std::string& machine_class, Sameness sameness)
    : sameness_(std::move(sameness)) {
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "runs", ignored)) {
      if (entry.path().extension() == ".h5") read(entry.path(), machine_class);
    }
  }
}

void StageCosts::read(const fs::path& file, const std::string& machine_class) {
  try {
    const Record record = read_record(file, RecordParts::headline);
    // A GPU's class goes before that of the CPU that feeds it. GPUs of one number ("cuda:0", in the keys) are taken for
    // the same: the front end does not ask the driver what they are.
    const std::string theirs = text_of(record.environment, "machine_class");
    if (theirs != machine_class && !theirs.ends_with("; " + machine_class)) return;
    const RunSpec run = run_spec_from_json(record.effective, file.string());
    const auto keys = cost_keys(run, sameness_);
    for (const StageRecord& stage : record.stages) {
      const bool measured = stage.taken_from.empty() && stage.finished();
      if (!measured || !keys.contains(stage.name)) continue;
      Cost& cost = by_stage_[keys.at(stage.name)];
      ++cost.records;
      cost.seconds += (stage.wall_seconds - cost.seconds) / static_cast<double>(cost.records);
      cost.process_bytes = std::max(cost.process_bytes, stage.peak_process_bytes);
      cost.device_bytes = std::max(cost.device_bytes, stage.peak_device_bytes);
    }
    const int64_t bytes = size_of(file) + size_of(fs::path(file).replace_extension(".safetensors"));
    disk_by_id_[run.id] = std::max(disk_by_id_[run.id], bytes);
  } catch (const UserError&) {  // not ours to judge here; `run` and `report` name such files
  }
}

std::optional<RunEstimate> StageCosts::estimate(const RunSpec& run) const {
  RunEstimate out;
  bool first = true;
  for (const auto& [row, key] : cost_keys(run, sameness_)) {
    if (run.reuse.contains(row)) continue;
    const auto cost = by_stage_.find(key);
    if (cost == by_stage_.end()) return std::nullopt;
    out.seconds += cost->second.seconds;
    out.process_bytes = std::max(out.process_bytes, cost->second.process_bytes);
    out.device_bytes = std::max(out.device_bytes, cost->second.device_bytes);
    out.records = first ? cost->second.records : std::min(out.records, cost->second.records);
    first = false;
  }
  const auto disk = disk_by_id_.find(run.id);
  if (disk != disk_by_id_.end()) out.disk_bytes = disk->second;
  return out;
}

std::vector<fs::path> neighbouring_results(const fs::path& out) {
  const fs::path self = fs::absolute(out).lexically_normal();
  std::vector<fs::path> folders{self};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(self.parent_path(), ignored)) {
    if (entry.path() != self && fs::is_directory(entry.path() / "runs", ignored)) folders.push_back(entry.path());
  }
  return folders;
}

}  // namespace sslbench
