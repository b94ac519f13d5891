// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/finished_stage.h"

#include <system_error>

#include "reports/record/record_store.h"
#include "reports/record/revision_of.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::optional<Record> readable(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  try {
    return read_record(file);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> notes_in(const Record& record, const std::string& stage) {
  std::vector<std::string> out;
  if (!record.facts.is_object() || !record.facts.contains(kStageNotes)) return out;
  const json& all = record.facts.at(kStageNotes);
  if (!all.is_object() || !all.contains(stage) || !all.at(stage).is_array()) return out;
  for (const json& note : all.at(stage)) {
    if (note.is_string()) out.push_back(note);
  }
  return out;
}

}  // namespace

void write_finished_stage(const RunSpec& run, const FinishedStage& finished, const json& environment) {
  Record fragment;
  fragment.run = run.name();
  fragment.environment = environment;
  if (!finished.notes.empty()) fragment.facts = {{kStageNotes, {{finished.stage.name, finished.notes}}}};
  fragment.stages = {finished.stage};
  write_record(fragment, fragment_file(run, finished.stage.name));
}

std::optional<FinishedStage> read_finished_stage(const fs::path& record, const std::string& key,
                                                 const std::string& row) {
  std::optional<Record> from = readable(record);
  if (!from) return std::nullopt;
  for (StageRecord& stage : from->stages) {
    if (stage.key != key || !stage.finished() || (!row.empty() && stage.name != row)) continue;
    if (stage.revision.empty()) stage.revision = revision_of(*from);
    std::vector<std::string> notes = notes_in(*from, stage.name);
    return FinishedStage{std::move(stage), std::move(notes), from->run};
  }
  return std::nullopt;
}

}  // namespace sslbench
