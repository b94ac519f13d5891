// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/bisect/bisect.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <tuple>
#include <utility>

#include "reports/history/comparability.h"
#include "reports/history/metric_text.h"
#include "reports/statistics/statistics.h"
#include "reports/text/number_text.h"
#include "suites/cli/bisect/candidate.h"
#include "suites/ground/error.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kShownDigits = 12, kFewestDigits = 7;

std::string short_name(const std::string& commit) { return commit.substr(0, kShownDigits); }

// Results before single classes before costs, as in the gate's tables; what was settled in turns comes last.
const GateCell& worst_cell(const GateReport& report) {
  const auto rank = [](const GateCell& cell) {
    return std::make_tuple(cell.verdict != Verdict::regressed, cell.other_machine,
                           cell.cell.is_cost()     ? 2
                           : cell.cell.is_detail() ? 1
                                                   : 0);
  };
  return *std::min_element(report.cells.begin(), report.cells.end(),
                           [&](const GateCell& a, const GateCell& b) { return rank(a) < rank(b); });
}

// Comparable with the red cell, and nearer to what history gave than to what regressed: the default branch records its
// results whatever the gate says of them.
bool is_good(const Snapshot& record, const GateCell& red, const Snapshot& now) {
  const SnapshotCell* then = record.find(red.cell);
  if (record.dirty || then == nullptr || then->by_seed.empty()) return false;
  if (!why_incomparable(record, *then, now, red.cell).empty()) return false;
  if (!settings_difference(record, *then, now, red.cell).empty()) return false;
  const double level = mean(then->values());
  return std::abs(level - red.history_mean) <= std::abs(level - red.fresh_mean);
}

// The newest good record that a commit before `bad` made; those of commits that this repository does not have (a branch
// that was squashed) are passed over.
std::string last_good(const History& history, const GateCell& red, const Snapshot& now, const std::string& bad) {
  for (auto run = history.runs.rbegin(); run != history.runs.rend(); ++run) {
    const std::string& commit = run->shown_commit();
    if (commit.size() < kFewestDigits || bad.starts_with(commit) || !is_good(*run, red, now)) continue;
    const std::string whole = find_commit(commit);
    if (!whole.empty() && is_ancestor(whole, bad)) return whole;
  }
  throw UserError("gate: --bisect history: no good record of " + red.cell.name() +
                  " is of a commit before these results; name a good one: --bisect GOOD..BAD");
}

struct CommitRange {
  std::string good, bad;
  std::vector<std::string> commits;  // after `good`, with `bad`
};

CommitRange range_of(const BisectRequest& request, const GateCell& red, const Snapshot& now, const History& history) {
  CommitRange out;
  if (request.range == "history") {
    out.bad = commit_named(now.shown_commit());
    out.good = last_good(history, red, now, out.bad);
  } else {
    const size_t dots = request.range.find("..");
    if (dots == 0 || dots == std::string::npos || dots + 2 == request.range.size()) {
      throw UserError("gate: --bisect takes GOOD..BAD, two commits, or `history`; got '" + request.range + "'");
    }
    out.good = commit_named(request.range.substr(0, dots));
    out.bad = commit_named(request.range.substr(dots + 2));
  }
  if (!is_ancestor(out.good, out.bad) || out.good == out.bad) {
    throw UserError("gate: --bisect: " + short_name(out.good) + " is no commit before " + short_name(out.bad) +
                    "; name the good one first");
  }
  out.commits = commits_between(out.good, out.bad);
  return out;
}

// Commits on trial bear no witness about themselves.
History without(const std::vector<std::string>& commits, History history) {
  std::erase_if(history.runs, [&](const Snapshot& run) {
    const std::string& name = run.shown_commit();
    return name.size() >= kFewestDigits &&
           std::any_of(commits.begin(), commits.end(), [&](const auto& each) { return each.starts_with(name); });
  });
  return history;
}

BisectCase case_of(const BisectRequest& request, const GateCell& red, const Snapshot& now) {
  BisectCase out;
  out.red = red;
  const SnapshotCell* cell = now.find(red.cell);  // with the seeds of confirmation
  for (const auto& [seed, value] : (cell == nullptr ? red.cell : *cell).by_seed) {
    out.seeds += (out.seeds.empty() ? "" : ",") + std::to_string(seed);
  }
  const auto plan = read_plan(request.folder);
  if (!plan || plan->suite_text.empty()) throw UserError("gate: --bisect needs a results folder with its suite");
  out.plan = *plan;
  out.build = request.build;
  out.folder = fs::absolute(request.folder) / "bisect";
  return out;
}

class Bisection {
 public:
  Bisection(BisectCase asked, CommitRange range)
      : asked_(std::move(asked)), range_(std::move(range)), notes_(read_notes(asked_)), tree_(notes_.tree, range_.bad) {
    notes_.tree = tree_.path();
    write_notes(asked_, notes_);
  }

  BisectOutcome carry_out() {
    std::cerr << "bisect: " << asked_.red.cell.name() << " with seeds " << asked_.seeds << ", "
              << counted(range_.commits.size(), "commit") << " after " << short_name(range_.good) << "\n";
    BisectStand stand = tree_.begin(range_.good, range_.bad);
    while (!stand.next.empty()) {
      if (!measure(stand.next)) return {true, "", {}};
      stand = tree_.mark(notes_.trials.at(stand.next).mark);
    }
    if (stand.guilty.empty()) return hidden(stand.hidden);
    if (!check_ends(stand.guilty)) return {true, "", {}};
    tree_.remove();
    return verdict_on(stand.guilty);
  }

 private:
  // What is known is not tried again. False when interrupted.
  bool measure(const std::string& commit) {
    const std::string what = "bisect: " + short_name(commit) + " \"" + subject_of(commit) + "\": ";
    const bool known = notes_.trials.contains(commit);
    if (!known) {
      std::cerr << what << "building and training " << asked_.red.cell.row << "\n";
      const TrialEnding ending = try_commit(asked_, commit, tree_.path());
      if (ending.interrupted) return false;
      notes_.trials[commit] = ending.trial;
      write_notes(asked_, notes_);
      ++built_;
    }
    std::cerr << what << trial_text(notes_.trials.at(commit)) << (known ? " (known)" : "") << "\n";
    return true;
  }

  // What the person said of the ends is measured where the answer hangs on it alone.
  bool check_ends(const std::string& guilty) {
    for (const std::string& end : {range_.bad, range_.good}) {
      const bool asked = end == range_.bad ? guilty == end : !any_good();
      if (!asked || notes_.trials.contains(end)) continue;
      tree_.check_out(end);
      if (!measure(end)) return false;
    }
    return true;
  }

  bool any_good() const {
    return std::any_of(notes_.trials.begin(), notes_.trials.end(),
                       [&](const auto& each) { return each.second.mark == CommitMark::good && in_range(each.first); });
  }
  bool in_range(const std::string& commit) const {
    return std::find(range_.commits.begin(), range_.commits.end(), commit) != range_.commits.end();
  }
  bool is_marked(const std::string& commit, CommitMark mark) const {
    const auto found = notes_.trials.find(commit);
    return found != notes_.trials.end() && found->second.mark == mark;
  }

  std::string trial_text(const CommitTrial& trial) const {
    static constexpr const char* kNames[] = {"good", "bad", "skipped"};
    std::string out = std::string(kNames[static_cast<int>(trial.mark)]) + ": ";
    if (std::isfinite(trial.mean)) {
      out += value_text(asked_.red.cell, trial.mean) + " (" + counted(trial.runs, "run") + "), ";
    }
    return out + trial.reason;
  }

  // The level before: of the youngest commit that was found good, else what history has.
  std::string before_text() const {
    for (const std::string& commit : range_.commits) {  // youngest first
      if (is_marked(commit, CommitMark::good)) return level_at(commit);
    }
    if (is_marked(range_.good, CommitMark::good)) return level_at(range_.good);
    return value_text(asked_.red.cell, asked_.red.history_mean) + " in history";
  }
  std::string level_at(const std::string& commit) const {
    return value_text(asked_.red.cell, notes_.trials.at(commit).mean) + " at " + short_name(commit);
  }

  BisectOutcome verdict_on(const std::string& guilty) const {
    const std::string name = asked_.red.cell.name();
    if (is_marked(range_.bad, CommitMark::good)) {
      return outcome("", name + ": " + short_name(range_.bad) +
                             ", built and measured here, is good: what regressed is no commit of this range but the "
                             "machine, the data or the build that made the results");
    }
    if (is_marked(range_.good, CommitMark::bad)) {
      return outcome("", name + ": " + short_name(range_.good) +
                             " is as bad, built and measured here: the change lies before it; name an earlier commit");
    }
    const auto trial = notes_.trials.find(guilty);
    const std::string after = trial == notes_.trials.end() || !std::isfinite(trial->second.mean)
                                  ? value_text(asked_.red.cell, asked_.red.fresh_mean) + " in these results"
                                  : level_at(guilty);
    return outcome(guilty, name + " got worse with " + guilty + " \"" + subject_of(guilty) + "\": " + before_text() +
                               ", " + after + " (" + counted(built_, "build") + " now)");
  }

  BisectOutcome hidden(const std::vector<std::string>& commits) {
    tree_.remove();
    std::string text = asked_.red.cell.name() + " got worse with one of these, of which some cannot be judged:";
    for (const std::string& commit : commits) text += " " + short_name(commit);
    return outcome("", text);
  }

  BisectOutcome outcome(const std::string& guilty, const std::string& text) const {
    nlohmann::json trials = nlohmann::json::object();
    for (const auto& [commit, trial] : notes_.trials) trials[commit] = trial_text(trial);
    return {false,
            text,
            {{"cell", asked_.red.cell.name()},
             {"guilty", guilty.empty() ? nlohmann::json(nullptr) : nlohmann::json(guilty)},
             {"text", text},
             {"builds", built_},
             {"commits", trials}}};
  }

  BisectCase asked_;
  CommitRange range_;
  BisectNotes notes_;
  GitWorktree tree_;
  size_t built_ = 0;
};

}  // namespace

BisectOutcome bisect_regression(const BisectRequest& request, const GateReport& report, const Snapshot& now,
                                const History& history) {
  const GateCell& red = worst_cell(report);
  if (red.other_machine) refuse_other_machine(red.cell);
  CommitRange range = range_of(request, red, now, history);
  BisectCase asked = case_of(request, red, now);
  asked.history = without(range.commits, history);
  return Bisection(std::move(asked), std::move(range)).carry_out();
}

}  // namespace sslbench
