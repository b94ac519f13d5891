// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_survey.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "reports/record/record_index.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

struct KnownRuns {
  std::map<std::string, const BriefRecord*> by_name;
  std::map<std::string, std::string> stage_files;  // stage key -> record file
};

// Whether what a build made counts for the program `worker` ("" = not known).
bool counts(const Revision& made_by, const std::string& worker) {
  return worker.empty() || made_by.clean() || (!made_by.worker.empty() && worker.starts_with(made_by.worker));
}

KnownRuns known_runs(const RecordIndex& index, const std::string& worker) {
  KnownRuns known;
  for (const IndexedRecord& record : index.records) {
    known.by_name.emplace(record.brief.run, &record.brief);
    const std::string file = fs::absolute(record.file).string();
    for (const BriefStage& stage : record.brief.stages) {
      if (!stage.finished || !counts(revision_from(stage.revision), worker)) continue;
      if (record.weights_bytes < 0 && stage.plugin == "pretrain") continue;
      known.stage_files.try_emplace(stage.key, file);
    }
  }
  return known;
}

void offer(const std::string& row, const std::string& key, const KnownRuns& known, RunSpec& run) {
  const auto found = known.stage_files.find(key);
  if (found != known.stage_files.end()) run.reuse[row] = found->second;
}

bool same_program(const BriefRecord& record, const RunSpec& run) {
  if (!record.worker.empty() && !run.worker.empty()) return record.worker == run.worker;
  return run.build.empty() || record.build == run.build;
}

// Every stage counts: one of them may have been taken over from another program.
bool counts(const BriefRecord& record, const std::string& worker) {
  return std::all_of(record.revisions.begin(), record.revisions.end(),
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

void settle(const BriefRecord& record, SurveyedRun& each) {
  each.status = record.status;
  each.build = record.build;
  each.final = record.final();
  if (!record.final()) each.run.attempt = record.attempts + 1;
  if (!record.final() || same_program(record, each.run)) return;
  each.final = counts(record, each.run.worker);
  if (each.final) {
    const auto [theirs, ours] = told_apart({each.build, record.worker}, {each.run.build, each.run.worker});
    each.origin = "kept from build " + theirs + "; this is " + ours + " (--again repeats it)";
    return;
  }
  each.status = "";
  each.origin =
      "made by " + each.build + ", a changed tree that is not this program (" + each.run.build + "); to do again";
}

}  // namespace

std::vector<std::string> Survey::origins() const {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> names;
  for (const SurveyedRun& each : runs) {
    if (each.origin.empty()) continue;
    auto& of = names[each.origin];
    if (of.empty()) order.push_back(each.origin);
    of.push_back(each.run.name());
  }
  std::vector<std::string> out;
  for (const std::string& origin : order) {
    const auto& of = names.at(origin);
    const std::string more = of.size() == 1 ? "" : " and " + std::to_string(of.size() - 1) + " more";
    out.push_back(of.front() + more + ": " + origin);
  }
  return out;
}

SurveyedRun survey_run(const RunSpec& run, const Record& record) {
  SurveyedRun out{run};
  settle(brief_record(record), out);
  return out;
}

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

Survey survey_runs(const std::vector<RunSpec>& runs, const fs::path& out, bool again) {
  const RecordIndex index = index_records(out);
  const KnownRuns known = known_runs(index, runs.empty() ? "" : runs.front().worker);
  Survey survey;
  for (const std::string& refused : index.refused) survey.warnings.push_back(refused + " (counts as not run)");
  survey.runs.reserve(runs.size());
  for (const RunSpec& run : runs) {
    SurveyedRun each{run};
    const auto record = known.by_name.find(run.name());
    if (record != known.by_name.end()) {
      settle(*record->second, each);
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
