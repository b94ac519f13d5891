// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/report_input.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "reports/record/planned_records.h"
#include "reports/record/revision_of.h"
#include "reports/record/run_identity.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/plan/plan.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReplicatesInMemory = size_t{16} << 20;  // bytes

std::string quoted(const std::string& argument) {
  const bool plain = !argument.empty() && argument.find_first_not_of(
                                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789._-/=+:,") == std::string::npos;
  if (plain) return argument;
  std::string out = "'";
  for (const char c : argument) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string command_of(const Plan& plan) {
  std::string command =
      "sslbench run " + quoted(plan.suite_file.empty() ? "suites/" + plan.suite + ".toml" : plan.suite_file);
  std::set<int64_t> seeds;
  for (const RunSpec& run : plan.runs) seeds.insert(run.seed);
  std::string list;
  for (const int64_t seed : seeds) list += (list.empty() ? "" : ",") + std::to_string(seed);
  if (!list.empty()) command += " --seeds " + list;
  for (const std::string& set : plan.sets) command += " --set " + quoted(set);
  command += " --threads " + std::to_string(plan.threads);
  if (!plan.runs.empty()) command += " --device " + quoted(plan.runs.front().device);
  return command;
}

// A stand-in for a record that cannot be read, so that its row says so.
Record unreadable(const RunSpec& spec, const std::string& reason) {
  Record record;
  set_identity(spec, record);
  record.status = RunStatus::failed(FailureKind::storage).text();
  record.failure = reason;
  return record;
}

// A results folder and what is asked of it.
struct FolderToRead {
  fs::path folder;
  Plan plan;
  std::string prefix;  // tells the rows of several folders apart
};

// Records of one suite declare the same.
void share_metrics(Record& record, std::map<std::string, SharedList<Metric>>& declared) {
  for (StageRecord& stage : record.stages) {
    SharedList<Metric>& before = declared[stage.name];
    if (!same_metrics(before, stage.metrics)) before = stage.metrics;
    stage.metrics = before;
  }
}

// Of what is not its row's first record, conditions_of() looks at what counts, and at the data.
void drop_settings(Record& record) {
  if (!record.effective.is_object() || !record.effective.contains("protocols")) return;
  for (nlohmann::json& protocol : record.effective.at("protocols")) {
    if (protocol.is_object()) protocol.erase("settings");
  }
  record.counting.erase("pretraining");
}

void read_records(const FolderToRead& from, const ReadingAids& aids, ComparisonInput& input,
                  std::vector<std::string>& refused) {
  const PartsOfRow parts{{.loss = true, .replicates = true}, RecordParts::reported};
  std::map<std::string, SharedList<Metric>> declared;  // by stage, of the record before
  const auto pile = number_pile(kReplicatesInMemory);
  std::set<std::string> rows;
  const auto take = [&](const RunSpec& run, std::optional<Record> record, const std::string& why_not) {
    if (!record && why_not.empty()) return;
    if (!record) refused.push_back(why_not);
    input.records.push_back(record ? std::move(*record) : unreadable(run, why_not));
    input.files.push_back(record_file(from.folder, run));
    input.records.back().run = from.prefix + run.name();
    declare_where_missing(aids.metrics, input.records.back());
    share_metrics(input.records.back(), declared);
    for (StageRecord& stage : input.records.back().stages) {
      for (auto& [metric, replicates] : stage.replicates) replicates.put_aside(pile);
    }
    input.records.back().counting = aids.sameness.counting(input.records.back().effective);
    if (!rows.insert(run.row).second) drop_settings(input.records.back());
  };
  read_planned_records(from.folder, from.plan, parts, take);
}

void add_plan(const FolderToRead& from, ComparisonInput& input) {
  const auto& [folder, plan, prefix] = from;
  std::set<std::string> asked;
  for (const RunSpec& spec : plan.runs) {
    asked.insert(spec.name());
    // The name is part of the key, since two folders may hold the same run.
    input.planned.push_back({prefix + spec.row, spec.seed, prefix + spec.name()});
    for (const ProtocolSpec& protocol : spec.protocols) {
      if (std::find(input.protocols.begin(), input.protocols.end(), protocol.row) == input.protocols.end()) {
        input.protocols.push_back(protocol.row);
      }
    }
  }
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "runs", none)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".h5" && asked.count(name) == 0) input.superseded.push_back(prefix + name);
  }
  input.commands.push_back(command_of(plan));
}

// Keeps what names a run: the settings of a thousand take as much memory as all their numbers.
void drop_settings(Plan& plan) {
  for (RunSpec& run : plan.runs) {
    RunSpec name;
    name.suite = run.suite;
    name.row = run.row;
    name.method = run.method;
    name.seed = run.seed;
    name.id = run.id;
    run = std::move(name);
  }
}

std::string last_part(const fs::path& folder) {
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

// "" for one folder, else "<last part>/", or the whole path where two folders end alike.
std::string prefix_of(const fs::path& folder, const std::vector<fs::path>& folders) {
  if (folders.size() == 1) return "";
  const auto alike = std::count_if(folders.begin(), folders.end(),
                                   [&](const fs::path& other) { return last_part(other) == last_part(folder); });
  return (alike > 1 ? folder.string() : last_part(folder)) + "/";
}

// Where all numbers come from one commit, that comes first: the same code, then the same command. What a commit does
// not hold cannot be checked out.
void add_checkout(ComparisonInput& input) {
  std::set<std::string> revisions;
  for (const Record& record : input.records) {
    for (const std::string& revision : revisions_of(record)) revisions.insert(revision);
  }
  if (revisions.size() != 1) return;
  const Revision revision = revision_from(*revisions.begin());
  input.commands.insert(input.commands.begin(), revision.clean() ? "git checkout " + quoted(revision.commit)
                                                                 : "# made by a changed or unknown tree (" +
                                                                       revision.text() + "): no checkout repeats it");
}

// A folder named twice would count every run twice.
void expect_different(const std::vector<fs::path>& folders) {
  std::set<fs::path> seen;
  std::error_code none;
  for (const fs::path& folder : folders) {
    if (seen.insert(fs::weakly_canonical(folder / ".", none)).second) continue;
    throw UserError(folder.string() + " is named twice; name each results folder once");
  }
}

}  // namespace

ComparisonInput report_input(const std::vector<fs::path>& folders, std::vector<std::string>& refused,
                             const ReadingAids& aids) {
  ComparisonInput input;
  std::vector<FolderToRead> to_read;
  expect_different(folders);
  for (const fs::path& folder : folders) {
    to_read.push_back({folder, read_results_plan(folder), prefix_of(folder, folders)});
    const Plan& plan = to_read.back().plan;
    add_plan(to_read.back(), input);
    if (input.suite.find(plan.suite) == std::string::npos)
      input.suite += (input.suite.empty() ? "" : ", ") + plan.suite;
    if (input.question.empty()) input.question = plan.question;
    drop_settings(to_read.back().plan);
  }
  std::sort(input.superseded.begin(), input.superseded.end());
  for (const FolderToRead& folder : to_read) read_records(folder, aids, input, refused);
  add_checkout(input);
  return input;
}

}  // namespace sslbench
