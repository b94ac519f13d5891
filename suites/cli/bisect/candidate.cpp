// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/bisect/candidate.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/process.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kPrograms = "build/release/bin";
constexpr size_t kShownDigits = 12;

fs::path folder_of(const BisectCase& asked, const std::string& commit) {
  return asked.folder / commit.substr(0, kShownDigits);
}

ObedientEnd build(const BisectCase& asked, const fs::path& tree, const fs::path& log) {
  return run_obediently({{"/bin/sh", "-c", "cd -- \"$0\" && " + asked.build, tree.string()}, {}, log, log});
}

ObedientEnd train(const BisectCase& asked, const fs::path& program, const fs::path& folder) {
  const fs::path suite = asked.folder / (asked.plan.suite + ".toml");
  write_atomically(suite, asked.plan.suite_text);
  std::vector<std::string> command{program.string(),
                                   "run",
                                   suite.string(),
                                   "-o",
                                   (folder / "results").string(),
                                   "--only",
                                   asked.red.cell.row,
                                   "--seeds",
                                   asked.seeds,
                                   "--device",
                                   asked.plan.runs.at(0).device,
                                   "--jobs",
                                   std::to_string(asked.plan.jobs),
                                   "--threads",
                                   std::to_string(asked.plan.threads)};
  for (const std::string& set : asked.plan.sets) command.insert(command.end(), {"--set", set});
  return run_obediently({command, {{"SSLBENCH_WORKER", ""}}, folder / "run.log", folder / "run.log"});
}

std::string ending_text(const ProcessEnd& end) {
  return end.signal != 0 ? "signal " + std::to_string(end.signal) : "exit code " + std::to_string(end.code);
}

// By the gate; where it cannot tell, by which of the two levels the mean lies nearer to.
CommitTrial judge_trial(const BisectCase& asked, const fs::path& results) {
  const GateReport report =
      judge(read_results(results, {}, known_build().sameness).snapshot(), asked.history, {asked.red.rule});
  const auto cell = std::find_if(report.cells.begin(), report.cells.end(),
                                 [&](const GateCell& each) { return each.cell.same_series(asked.red.cell); });
  if (cell == report.cells.end()) return {CommitMark::skip, kNone, 0, "it has no " + asked.red.cell.measure()};
  if (cell->other_machine) refuse_other_machine(cell->cell);
  const std::vector<double> values = cell->cell.values();
  const std::string said(verdict_name(cell->verdict));
  CommitTrial out{CommitMark::skip, mean(values), values.size(), said};
  if (cell->verdict == Verdict::regressed) {
    out.mark = CommitMark::bad;
  } else if (cell->verdict == Verdict::same || cell->verdict == Verdict::improved) {
    out.mark = CommitMark::good;
  } else if (cell->verdict == Verdict::inconclusive && !values.empty()) {
    const bool bad = std::abs(out.mean - asked.red.fresh_mean) < std::abs(out.mean - asked.red.history_mean);
    out.mark = bad ? CommitMark::bad : CommitMark::good;
    out.reason += bad ? ", and nearer to what regressed" : ", and nearer to the history";
  } else {
    out.reason += ": " + cell->reason;
  }
  return out;
}

constexpr const char* kMarks[] = {"good", "bad", "skip"};

nlohmann::json question_json(const BisectCase& asked) {
  return {{"cell", asked.red.cell.name()},
          {"seeds", asked.seeds},
          {"build", asked.build},
          {"suite", asked.plan.suite_text},
          {"sets", asked.plan.sets}};
}

}  // namespace

void refuse_other_machine(const SnapshotCell& cell) {
  throw UserError("gate: --bisect: history holds " + cell.name() +
                  " of another machine, by which no commit can be judged here; call it on that machine, or build two "
                  "commits and compare them with `sslbench ab OLD NEW SUITE`");
}

BisectNotes read_notes(const BisectCase& asked) {
  BisectNotes out;
  try {
    const nlohmann::json held = nlohmann::json::parse(read_file(asked.folder / "state.json"));
    out.tree = held.at("tree").get<std::string>();
    if (held.at("question") != question_json(asked)) return out;
    const nlohmann::json& trials = held.at("commits");
    for (const auto& [commit, trial] : trials.items()) {
      const auto mark = std::find(std::begin(kMarks), std::end(kMarks), trial.at("mark").get<std::string>());
      const nlohmann::json& value = trial.at("mean");
      if (mark == std::end(kMarks)) continue;
      out.trials[commit] = {static_cast<CommitMark>(mark - std::begin(kMarks)),
                            value.is_number() ? value.get<double>() : kNone, trial.at("runs"), trial.at("reason")};
    }
  } catch (const nlohmann::json::exception&) {  // not ours: everything is tried anew
    out.trials.clear();
  } catch (const std::system_error&) {  // the first call
  }
  return out;
}

void write_notes(const BisectCase& asked, const BisectNotes& notes) {
  nlohmann::json commits = nlohmann::json::object();
  for (const auto& [commit, trial] : notes.trials) {
    commits[commit] = {{"mark", kMarks[static_cast<int>(trial.mark)]},
                       {"mean", std::isfinite(trial.mean) ? nlohmann::json(trial.mean) : nlohmann::json(nullptr)},
                       {"runs", trial.runs},
                       {"reason", trial.reason}};
  }
  write_atomically(
      asked.folder / "state.json",
      nlohmann::json{{"question", question_json(asked)}, {"tree", notes.tree.string()}, {"commits", commits}}.dump(1) +
          "\n");
}

TrialEnding try_commit(const BisectCase& asked, const std::string& commit, const fs::path& tree) {
  const fs::path folder = folder_of(asked, commit), log = folder / "build.log";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw UserError("gate: --bisect: " + folder.string() + " cannot be made: " + error.message());
  const auto skipped = [](const std::string& why) { return TrialEnding{false, {CommitMark::skip, kNone, 0, why}}; };
  fs::remove_all(tree / kPrograms / "sslbench", error);  // of the commit before: a build that fails leaves none
  const ObedientEnd built = build(asked, tree, log);
  if (built.interrupted) return {true, {}};
  if (built.end.signal != 0 || built.end.code != 0) {
    return skipped("does not build (" + ending_text(built.end) + "; " + log.string() + ")");
  }
  const fs::path program = tree / kPrograms / "sslbench";
  if (::access(program.c_str(), X_OK) != 0)
    return skipped(std::string("its build leaves no ") + kPrograms + "/sslbench");
  const ObedientEnd ran = train(asked, program, folder);
  if (ran.interrupted) return {true, {}};
  if (ran.end.signal != 0 || ran.end.code != 0) {
    return skipped("does not carry out the suite (" + ending_text(ran.end) + "; " + (folder / "run.log").string() +
                   ")");
  }
  return {false, judge_trial(asked, folder / "results")};
}

}  // namespace sslbench
