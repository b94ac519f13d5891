// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/estimate.h"

#include <algorithm>
#include <numeric>
#include <system_error>

#include "reports/record/environment.h"
#include "suites/ground/sha256.h"
#include "suites/plan/plan_keys.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPretrain = "pretrain";

// A GPU's class goes before that of the CPU that feeds it. GPUs of one number ("cuda:0", in the keys) are taken for the
// same: the front end does not ask the driver what they are.
bool is_of_machine(const BriefRecord& record, const std::string& machine_class) {
  return record.machine_class == machine_class || record.machine_class.ends_with("; " + machine_class);
}

// What a protocol costs does not depend on how its network came to be.
RunSpec evaluation_of(RunSpec run) {
  run.method = "";
  run.method_settings = nlohmann::json::object();
  run.pretrain = nlohmann::json::object();
  nlohmann::json seen = nlohmann::json::object();  // of the views, which are the method's, it uses only these
  for (const char* option : {"size", "normalisation"}) {
    if (run.views.contains(option)) seen[option] = run.views.at(option);
  }
  run.views = std::move(seen);
  std::erase_if(run.files, [](const auto& file) { return !file.first.starts_with(kBackbonePrefix); });
  return run;
}

std::map<std::string, std::string> keys_of(RunSpec run, const Sameness& sameness) {
  run.seed = 0;
  RunSpec evaluation = evaluation_of(run);
  set_keys(run, sameness);
  set_keys(evaluation, sameness);
  const std::string where = " " + std::to_string(run.threads) + " " + std::to_string(run.ranks) + " " +
                            run.device.substr(0, run.device.find(':'));
  std::map<std::string, std::string> out{{kPretrain, sha256_hex(run.pretrain_key + where)}};
  for (const ProtocolSpec& protocol : evaluation.protocols) out[protocol.row] = sha256_hex(protocol.key + where);
  return out;
}

// Adds one more record to the mean.
void add_record(const BriefStage& stage, StageCost& cost) {
  ++cost.records;
  cost.seconds += (stage.wall_seconds - cost.seconds) / static_cast<double>(cost.records);
  cost.process_bytes = std::max(cost.process_bytes, stage.peak_process_bytes);
  cost.device_bytes = std::max(cost.device_bytes, stage.peak_device_bytes);
}

}  // namespace

StageCosts::StageCosts(const std::vector<fs::path>& folders, const std::string& machine_class, Sameness sameness)
    : sameness_(std::move(sameness)) {
  for (const fs::path& folder : folders) add(index_records(folder), machine_class);
}

void StageCosts::add(const RecordIndex& index, const std::string& machine_class) {
  std::map<const std::string*, std::map<std::string, std::string>> rows;
  for (const IndexedRecord& record : index.records) {
    const std::string* settings = record.brief.settings.get();
    if (settings == nullptr || !is_of_machine(record.brief, machine_class)) continue;
    const auto [row, fresh] = rows.try_emplace(settings);
    if (fresh) row->second = keys_of(run_spec_from_json(nlohmann::json::parse(*settings), "an index"), sameness_);
    for (const BriefStage& stage : record.brief.stages) {
      const auto key = row->second.find(stage.name);
      if (stage.taken_over || !stage.finished || key == row->second.end()) continue;
      StageCost& cost = by_stage_[key->second];
      add_record(stage, cost);
      if (stage.name == kPretrain) {
        cost.disk_bytes = std::max(cost.disk_bytes, record.bytes + std::max<int64_t>(0, record.weights_bytes));
      }
    }
  }
}

void StageCosts::add(const RunSpec& run, const Calibration& calibration) {
  for (const auto& [row, key] : keys_of_row(run)) {
    const auto found = calibration.stages.find(row);
    if (found == calibration.stages.end() || !found->second.seconds) continue;
    by_stage_.try_emplace(key, StageCost{.seconds = *found->second.seconds,
                                         .process_bytes = found->second.process_bytes,
                                         .device_bytes = found->second.device_bytes,
                                         .disk_bytes = row == kPretrain ? calibration.disk_bytes : 0,
                                         .batch = row == kPretrain ? calibration.batch : BatchMemory{}});
  }
}

void StageCosts::add(const CostBook& book) {
  for (const auto& [key, cost] : book) {
    StageCost& known = by_stage_.try_emplace(key, cost).first->second;
    if (known.batch.bytes == 0) known.batch = cost.batch;  // records do not tell
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

double RunEstimate::seconds() const {
  return std::accumulate(stages.begin(), stages.end(), 0.0,
                         [](double sum, const auto& stage) { return sum + stage.second; });
}

RunEstimate StageCosts::estimate(const RunSpec& run) const {
  RunEstimate out;
  for (const auto& [row, key] : keys_of_row(run)) {
    const auto found = by_stage_.find(key);
    if (found != by_stage_.end() && row == kPretrain) out.disk_bytes = found->second.disk_bytes;
    if (run.reuse.contains(row)) continue;
    if (found == by_stage_.end()) {
      out.unknown.push_back(row);
      continue;
    }
    const StageCost& cost = found->second;
    out.records = out.stages.empty() ? cost.records : std::min(out.records, cost.records);
    out.stages[row] = cost.seconds;
    out.process_bytes = std::max(out.process_bytes, cost.process_bytes);
    out.device_bytes = std::max(out.device_bytes, cost.device_bytes);
    if (row == kPretrain) {
      out.batch = cost.batch;
    } else {
      out.other_bytes = std::max(out.other_bytes, cost.process_bytes);
    }
  }
  return out;
}

StageCosts costs_measured_beside(const fs::path& out, const Catalog& catalog) {
  const std::string machine_class = environment().value("machine_class", "");
  StageCosts costs(neighbouring_results(out), machine_class, Sameness(catalog));
  costs.add(read_cost_book(machine_class));
  return costs;
}

void keep_costs_of(const fs::path& out, const Catalog& catalog) {
  const std::string machine_class = environment().value("machine_class", "");
  keep_costs(machine_class, StageCosts({out}, machine_class, Sameness(catalog)).book());
}

std::map<std::string, RunEstimate> estimates_of(const std::vector<RunSpec>& runs, const StageCosts& costs) {
  std::map<std::string, RunEstimate> out;
  for (const RunSpec& run : runs) {
    if (RunEstimate estimate = costs.estimate(run); estimate.whole() && estimate.records > 0)
      out[run.name()] = std::move(estimate);
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
