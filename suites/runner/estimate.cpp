// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/estimate.h"

#include <algorithm>
#include <system_error>

#include "reports/record/environment.h"
#include "suites/plan/plan_keys.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// A GPU's class goes before that of the CPU that feeds it. GPUs of one number ("cuda:0", in the keys) are taken for the
// same: the front end does not ask the driver what they are.
bool is_of_machine(const BriefRecord& record, const std::string& machine_class) {
  return record.machine_class == machine_class || record.machine_class.ends_with("; " + machine_class);
}

std::map<std::string, std::string> keys_of(RunSpec run, const Sameness& sameness) {
  run.seed = 0;
  set_keys(run, sameness);
  const std::string where = " " + std::to_string(run.threads) + " " + std::to_string(run.ranks) + " " +
                            run.device.substr(0, run.device.find(':'));
  std::map<std::string, std::string> out{{"pretrain", run.pretrain_key + where}};
  for (const ProtocolSpec& protocol : run.protocols) out[protocol.row] = protocol.key + where;
  return out;
}

// Of the records of one row.
struct RowOfRecords {
  std::string id;
  std::map<std::string, std::string> keys;
};

RowOfRecords row_in(const std::string& settings, const Sameness& sameness) {
  const RunSpec run = run_spec_from_json(nlohmann::json::parse(settings), "an index");
  return {run.id, keys_of(run, sameness)};
}

}  // namespace

StageCosts::StageCosts(const std::vector<fs::path>& folders, const std::string& machine_class, Sameness sameness)
    : sameness_(std::move(sameness)) {
  for (const fs::path& folder : folders) add(index_records(folder), machine_class);
}

void StageCosts::add(const RecordIndex& index, const std::string& machine_class) {
  std::map<const std::string*, RowOfRecords> rows;
  for (const IndexedRecord& record : index.records) {
    const std::string* settings = record.brief.settings.get();
    if (settings == nullptr || !is_of_machine(record.brief, machine_class)) continue;
    const auto [row, fresh] = rows.try_emplace(settings);
    if (fresh) row->second = row_in(*settings, sameness_);
    for (const BriefStage& stage : record.brief.stages) {
      const auto key = row->second.keys.find(stage.name);
      if (stage.taken_over || !stage.finished || key == row->second.keys.end()) continue;
      Cost& cost = by_stage_[key->second];
      ++cost.records;
      cost.seconds += (stage.wall_seconds - cost.seconds) / static_cast<double>(cost.records);
      cost.process_bytes = std::max(cost.process_bytes, stage.peak_process_bytes);
      cost.device_bytes = std::max(cost.device_bytes, stage.peak_device_bytes);
    }
    int64_t& disk = disk_by_id_[row->second.id];
    disk = std::max(disk, record.bytes + std::max<int64_t>(0, record.weights_bytes));
  }
}

const std::map<std::string, std::string>& StageCosts::keys_of_row(const RunSpec& run) const {
  RunSpec row = without_seed(run);
  row.attempt = 1;
  row.reuse.clear();
  if (keys_.empty() || !(row == row_)) keys_ = keys_of(row, sameness_);
  row_ = std::move(row);
  return keys_;
}

std::optional<RunEstimate> StageCosts::estimate(const RunSpec& run) const {
  RunEstimate out;
  bool first = true;
  for (const auto& [row, key] : keys_of_row(run)) {
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

StageCosts costs_measured_beside(const fs::path& out, const Catalog& catalog) {
  return {neighbouring_results(out), environment().value("machine_class", ""), Sameness(catalog)};
}

std::map<std::string, RunEstimate> estimates_of(const std::vector<RunSpec>& runs, const StageCosts& costs) {
  std::map<std::string, RunEstimate> out;
  for (const RunSpec& run : runs) {
    if (const auto estimate = costs.estimate(run)) out[run.name()] = *estimate;
  }
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
