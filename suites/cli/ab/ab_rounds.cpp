// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/ab/ab_rounds.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <optional>
#include <system_error>

#include "reports/history/compared_pairs.h"
#include "reports/text/number_text.h"
#include "suites/cli/ab/turns.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/wall_clock.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/device_choice.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

fs::path run_folder(const AbMatch& match, const std::string& row, int round, const char* side) {
  const std::string number = std::to_string(round);
  return match.out / row / (std::string(number.size() < 2 ? 1 : 0, '0') + number + "-" + side);
}

// What is said beside a run by its program.
fs::path said_file(const fs::path& folder) { return folder.string() + ".log"; }

ProcessStart start_of(const AbMatch& match, const AbContestant& side, const std::string& row, int round,
                      const fs::path& folder) {
  std::vector<std::string> command{side.build.program.string(),
                                   "run",
                                   side.suite.string(),
                                   "-o",
                                   folder.string(),
                                   "--only",
                                   row,
                                   "--jobs",
                                   "1",
                                   "--seeds",
                                   std::to_string(match.first_seed + round),
                                   "--device",
                                   match.options.device};
  for (const std::string& set : match.options.sets) command.insert(command.end(), {"--set", set});
  if (match.options.threads) command.insert(command.end(), {"--threads", std::to_string(*match.options.threads)});
  return {command, {{"SSLBENCH_WORKER", side.build.override_worker}}, said_file(folder), said_file(folder)};
}

// The one run of a folder, if it ended well.
std::optional<ResultsFolder> finished_run(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "plan.json", ignored)) return std::nullopt;
  ResultsFolder results = read_results(folder, {.loss = true, .replicates = true}, known_build().sameness);
  std::erase_if(results.records, [](const Record& record) { return !record.final(); });
  if (results.records.size() != 1) return std::nullopt;
  std::erase_if(results.runs, [&](const SnapshotRun& run) { return run.row != results.records.front().row; });
  return results;
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// Why a run that ended has no result; UserError when the program refused the suite, for it will again.
std::string failure_of(const AbContestant& side, const fs::path& folder, const ProcessEnd& end) {
  std::error_code ignored;
  const std::string said = fs::exists(said_file(folder), ignored) ? read_file(said_file(folder)) : "";
  if (end.signal == 0 && end.code == static_cast<int>(ExitCode::user_error)) {
    throw UserError("ab: the build " + side.build.name + " does not take " + side.suite.string() + ": " +
                    last_line(said));
  }
  return "the build " + side.build.name + " failed (" +
         (end.signal != 0 ? "signal " + std::to_string(end.signal) : "exit code " + std::to_string(end.code)) +
         "); see " + said_file(folder).string();
}

void start_afresh(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) fs::remove(said_file(folder), error);
  if (!error) fs::create_directories(folder.parent_path(), error);
  if (error) throw RunFailure(FailureKind::storage, folder.string() + ": " + error.message());
}

// Tells each round and how long the rest will take, by what those that were carried out took.
class Teller {
 public:
  explicit Teller(const AbMatch& match) : all_(match.rows.size() * static_cast<size_t>(match.rounds)), match_(match) {}
  void found() { ++passed_; }
  void told(const std::string& row, int round, const AbRound& measured, double seconds) {
    ++passed_;
    seconds_ += seconds;
    ++carried_out_;
    const double ratio = measured.new_run.cpu_per_image / measured.old_run.cpu_per_image;
    std::cerr << "round " << round + 1 << " of " << match_.rounds << ", " << row << ": ";
    if (std::isfinite(ratio)) std::cerr << "processor time an image " << significant_text(ratio, 4) << " of old; ";
    const double left = seconds_ / static_cast<double>(carried_out_) * static_cast<double>(all_ - passed_);
    std::cerr << (passed_ == all_ ? "done" : "about " + seconds_text(left) + " left") << "\n";
  }

 private:
  size_t all_, passed_ = 0, carried_out_ = 0;
  double seconds_ = 0;
  const AbMatch& match_;
};

class Rounds {
 public:
  Rounds(const AbMatch& match, AbInput& input) : match_(match), input_(input), teller_(match) {
    const bool gpu = choose_device(match.options.device).starts_with("cuda");
    turn_ = gpu ? kGpuTurn : kTurn;
    for (const std::string& row : match.rows) input_.rows.push_back({row, {}, ""});
  }

  AbEnding carry_out() {
    for (int round = 0; round < match_.rounds; ++round) {
      for (AbRow& row : input_.rows) {
        if (row.failure.empty() && !carry_out(row, round)) return AbEnding::interrupted;
      }
    }
    input_.old_side.results = snapshot(old_results_);
    input_.new_side.results = snapshot(new_results_);
    return AbEnding::done;
  }

 private:
  // False when it was interrupted.
  bool carry_out(AbRow& row, int round) {
    const fs::path old_folder = run_folder(match_, row.row, round, "old"),
                   new_folder = run_folder(match_, row.row, round, "new");
    if (take(row, old_folder, new_folder)) {
      teller_.found();
      return true;
    }
    start_afresh(old_folder);
    start_afresh(new_folder);
    const double start = wall_clock();
    const TurnsEnd end = run_in_turns(start_of(match_, match_.old_side, row.row, round, old_folder),
                                      start_of(match_, match_.new_side, row.row, round, new_folder), turn_, signals_);
    if (end.interrupted) return false;
    if (take(row, old_folder, new_folder)) {
      teller_.told(row.row, round, row.rounds.back(), wall_clock() - start);
    } else if (!finished_run(old_folder)) {
      row.failure = failure_of(match_.old_side, old_folder, end.first);
    } else {
      row.failure = failure_of(match_.new_side, new_folder, end.second);
    }
    if (!row.failure.empty()) std::cerr << row.row << ": " << row.failure << "\n";
    return true;
  }

  // Takes over a round whose two runs ended well; whether it has.
  bool take(AbRow& row, const fs::path& old_folder, const fs::path& new_folder) {
    auto before = finished_run(old_folder), after = finished_run(new_folder);
    if (!before || !after) return false;
    row.rounds.push_back({ab_run_of(before->records.front()), ab_run_of(after->records.front())});
    add(*before, old_results_);
    add(*after, new_results_);
    return true;
  }

  static void add(ResultsFolder& from, ResultsFolder& to) {
    to.suite = from.suite;
    std::move(from.records.begin(), from.records.end(), std::back_inserter(to.records));
    to.runs.insert(to.runs.end(), from.runs.begin(), from.runs.end());
  }
  static Snapshot snapshot(const ResultsFolder& results) {
    Snapshot out = results.snapshot();
    add_replicates(out, results.records);
    return out;
  }

  const AbMatch& match_;
  AbInput& input_;
  Teller teller_;
  std::chrono::milliseconds turn_;
  SignalWait signals_;
  ResultsFolder old_results_, new_results_;
};

}  // namespace

AbEnding carry_out_rounds(const AbMatch& match, AbInput& input) { return Rounds(match, input).carry_out(); }

}  // namespace sslbench
