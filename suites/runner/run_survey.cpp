// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_survey.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "reports/record/record_store.h"
#include "reports/record/revision_of.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

struct KnownRecords {
  std::map<std::string, Record> by_run;
  std::map<std::string, fs::path> stage_files;  // stage key -> record file
  std::vector<std::string> warnings;
};

// Whether what a build made counts for the program `worker` ("" = not known).
bool counts(const Revision& made_by, const std::string& worker) {
  return worker.empty() || made_by.clean() || (!made_by.worker.empty() && worker.starts_with(made_by.worker));
}

void offer_stages(const Record& record, const fs::path& file, const std::string& worker, KnownRecords& known) {
  std::error_code ignored;
  const bool weights = fs::exists(fs::path(file).replace_extension(".safetensors"), ignored);
  for (const StageRecord& stage : record.stages) {
    const std::string revision = stage.revision.empty() ? revision_of(record) : stage.revision;
    if (!stage.finished() || !counts(revision_from(revision), worker)) continue;
    if (weights || stage.plugin != "pretrain") known.stage_files.try_emplace(stage.key, file);
  }
}

KnownRecords read_records(const fs::path& folder, const std::string& worker) {
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
      offer_stages(record, file, worker, known);
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

bool same_program(const Record& record, const RunSpec& run) {
  const std::string worker = text_of(record.environment, "worker");
  if (!worker.empty() && !run.worker.empty()) return worker == run.worker;
  return run.build.empty() || record_build(record) == run.build;
}

// Every stage counts: one of them may have been taken over from another program.
bool counts(const Record& record, const std::string& worker) {
  const std::vector<std::string> revisions = revisions_of(record);
  return std::all_of(revisions.begin(), revisions.end(),
                     [&](const std::string& text) { return counts(revision_from(text), worker); });
}

struct Program {
  std::string build, worker;
};

// Two programs by their builds, or by their digests where both builds are called alike.
std::pair<std::string, std::string> told_apart(const Program& a, const Program& b) {
  const auto named = [&](const Program& program) {
    return a.build != b.build || program.worker.empty() ? program.build
                                                        : program.build + ", program " + program.worker.substr(0, 12);
  };
  return {named(a), named(b)};
}

void settle(const Record& record, SurveyedRun& each) {
  each.status = record.status;
  each.build = record_build(record);
  each.final = record.final();
  if (!record.final()) each.run.attempt = record.attempts + 1;
  if (!record.final() || same_program(record, each.run)) return;
  each.final = counts(record, each.run.worker);
  if (each.final) {
    const auto [theirs, ours] =
        told_apart({each.build, text_of(record.environment, "worker")}, {each.run.build, each.run.worker});
    each.origin = each.run.name() + ": kept from build " + theirs + "; this is " + ours + " (--again repeats it)";
    return;
  }
  each.status = "";
  each.origin = each.run.name() + ": made by " + each.build + ", a changed tree that is not this program (" +
                each.run.build + "); it is to do again";
}

}  // namespace

std::string BegunByOther::text() const {
  const auto [theirs, ours] = told_apart({build, program}, {run.build, run.worker});
  if (goes_on) return run.name() + ": begun by build " + theirs + "; this one, " + ours + ", goes on with it";
  return run.name() + ": begun by " + theirs + ", and this is " + ours +
         "; what a changed tree did is not known, so it starts afresh";
}

std::vector<BegunByOther> begun_by_others(const std::vector<RunSpec>& runs) {
  const auto clean = [](const std::string& build) { return revision_from(build.substr(0, build.find(' '))).clean(); };
  std::vector<BegunByOther> out;
  for (const RunSpec& run : runs) {
    try {
      const fs::path file = runspec_file(run);
      const RunSpec before =
          run_spec_from_json(parse_foreign_json(read_regular_file(file, kMostWorkFileBytes)), file.string());
      if (before.worker == run.worker || run.worker.empty()) continue;
      out.push_back({run, before.build, before.worker, clean(before.build) && clean(run.build)});
    } catch (const std::exception&) {  // nothing began there, or what lies there names no run: the worker judges it
    }
  }
  return out;
}

std::string record_build(const Record& record) {
  return revision_of(record) + " " + text_of(record.environment, "build_type");
}

Survey survey_runs(const std::vector<RunSpec>& runs, const fs::path& out, bool again) {
  KnownRecords known = read_records(out / "runs", runs.empty() ? "" : runs.front().worker);
  Survey survey;
  survey.warnings = std::move(known.warnings);
  for (const RunSpec& run : runs) {
    SurveyedRun each{run};
    const auto record = known.by_run.find(run.name());
    if (record != known.by_run.end()) {
      settle(record->second, each);
      if (again) each.final = false, each.origin = "";
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
