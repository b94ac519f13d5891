// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_survey.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "reports/facts.h"
#include "reports/record_store.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

struct KnownRecords {
  std::map<std::string, Record> by_run;
  std::map<std::string, fs::path> stage_files;  // stage key -> record file
  std::vector<std::string> warnings;
};

void offer_stages(const Record& record, const fs::path& file, KnownRecords& known) {
  std::error_code ignored;
  const bool weights = fs::exists(fs::path(file).replace_extension(".safetensors"), ignored);
  for (const StageRecord& stage : record.stages) {
    if (stage.finished() && (weights || stage.plugin != "pretrain")) known.stage_files.try_emplace(stage.key, file);
  }
}

KnownRecords read_records(const fs::path& folder) {
  KnownRecords known;
  std::error_code ignored;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".h5" && name[0] != '.') files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    try {
      Record record = read_record(file, RecordParts::headline);
      if (record.run != file.stem()) throw UserError(file.string() + " is the record of another run, " + record.run);
      offer_stages(record, file, known);
      known.by_run.emplace(file.stem().string(), std::move(record));
    } catch (const UserError& error) {
      known.warnings.push_back(std::string(error.what()) + " (counts as not run)");
    }
  }
  return known;
}

void offer(const std::string& row, const std::string& key, const KnownRecords& known, RunSpec& run) {
  const auto found = known.stage_files.find(key);
  if (found != known.stage_files.end()) run.reuse[row] = fs::absolute(found->second).string();
}

}  // namespace

std::string record_build(const Record& record) {
  return revision_of(record) + " " + record.environment.value("build_type", "");
}

Survey survey_runs(const std::vector<RunSpec>& runs, const fs::path& out, bool again) {
  KnownRecords known = read_records(out / "runs");
  Survey survey;
  survey.warnings = std::move(known.warnings);
  for (const RunSpec& run : runs) {
    SurveyedRun each{run};
    const auto record = known.by_run.find(run.name());
    if (record != known.by_run.end()) {
      each.status = record->second.status;
      each.build = record_build(record->second);
      each.final = record->second.final() && !again;
      if (!record->second.final()) each.run.attempt = record->second.attempts + 1;
    }
    if (!again) {
      offer("pretrain", run.pretrain_key, known, each.run);
      for (const ProtocolSpec& protocol : run.protocols) offer(protocol.row, protocol.key, known, each.run);
    }
    survey.runs.push_back(std::move(each));
  }
  return survey;
}

}  // namespace sslbench
