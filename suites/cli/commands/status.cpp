// SPDX-License-Identifier: Apache-2.0
// sslbench status DIR: reads files only, safe while a suite runs.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/runs_to_do.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/ground/error.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/handover/progress_file.h"
#include "suites/handover/work_files.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"
#include "suites/runner/run_survey.h"
#include "suites/runner/schedulers/slurm.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr auto kQueueLimit = std::chrono::seconds(5), kWatchEvery = std::chrono::seconds(2);

// A worker holds its lock for as long as it lives.
bool is_at_work(const RunSpec& run) {
  std::string holder;
  return FileLock::is_held(lock_file(run), holder);
}

json state_of(const SurveyedRun& survey) {
  const RunSpec& run = survey.run;
  json out = {{"run", run.name()},     {"row", run.row},
              {"seed", run.seed},      {"status", survey.status},
              {"final", survey.final}, {"state", survey.final ? "done" : survey.status.empty() ? "waiting" : "failed"}};
  const auto progress = read_progress(progress_file(run));
  if (survey.final || !progress) return out;
  const bool working = is_at_work(run);
  if (!working && !survey.status.empty()) return out;
  out["state"] = working ? "running" : "interrupted";
  out["stage"] = progress->stage;
  out["step"] = progress->step;
  out["steps"] = progress->steps;
  out["images_per_second"] = progress->images_per_second;
  out["fraction"] = progress->fraction();
  return out;
}

// What the scheduler knows of the runs that were submitted; nothing where none was or it cannot be asked.
QueueStates ask_scheduler(const Plan& plan, const fs::path& out) {
  try {
    const std::vector<Submission> submissions = read_submissions(out);
    const std::vector<std::string> ids = array_ids(submissions);
    if (ids.empty()) return {};
    // A folder that was taken elsewhere when everything had ended has nothing to ask.
    const auto final = [](const SurveyedRun& each) { return each.final; };
    if (program_on_path("squeue").empty() && std::ranges::all_of(survey_runs(plan.runs, out, false).runs, final)) {
      return {};
    }
    return queue_states(submissions, ask_queue(ids, kQueueLimit));
  } catch (const UserError& error) {
    print_warning("what is in the queue is not known: " + std::string(error.what()));
  } catch (const RunFailure& failure) {
    print_warning("what is in the queue is not known: " + std::string(failure.what()));
  }
  return {};
}

void add_queue_state(const QueueStates& queue, json& state) {
  const auto found = queue.queued.find(state.at("run").get<std::string>());
  if (state.at("final") == true) return;
  if (found == queue.queued.end()) {
    const bool unfinished = state.at("state") == "waiting" || state.at("state") == "interrupted";
    if (unfinished && queue.gone.contains(state.at("run").get<std::string>())) state["state"] = "lost";
    return;
  }
  const QueuedTask& task = found->second.task;
  state["task"] = task.name();
  if (task.waits()) {
    const bool began = state.contains("stage") || !state.at("status").get<std::string>().empty();
    state["state"] = began ? "queued again" : "queued";
    state["reason"] = task.reason;
    if (!task.from().empty()) state["from"] = task.from();
    return;
  }
  state["node"] = task.node;
  if (state.at("state") != "running") state["state"] = found->second.alone ? "running" : "queued";
}

std::string queue_detail(const json& state) {
  if (state.at("state") == "lost") return "neither record nor in the queue: submit again";
  if (!state.contains("task")) return "";
  std::string out = "task " + state.at("task").get<std::string>();
  if (state.contains("node")) return out + " on " + state.at("node").get<std::string>();
  if (state.contains("from")) return out + " from " + state.at("from").get<std::string>();
  return out + " (" + state.at("reason").get<std::string>() + ")";
}

std::string run_detail(const json& state) {
  if (!state.contains("stage")) return state.at("status").get<std::string>();
  std::string out = state.at("stage").get<std::string>();
  const int64_t steps = state.at("steps");
  const double speed = state.at("images_per_second");
  if (steps > 0) out += " " + std::to_string(state.at("step").get<int64_t>()) + "/" + std::to_string(steps);
  out += ", " + percent_text(state.at("fraction").get<double>()) + " % of the run";
  return speed > 0 ? out + ", " + count_text(speed) + " images/s" : out;
}

std::string detail(const json& state) {
  const std::string run = run_detail(state), queue = queue_detail(state);
  return run + (run.empty() || queue.empty() ? "" : "; ") + queue;
}

// A folder as it is now.
struct Look {
  json runs = json::array();
  std::map<std::string, int> counts;  // by state
  std::vector<std::string> warnings;

  // Nothing more will happen by itself.
  bool ended() const {
    for (const char* state : {"running", "waiting", "queued", "queued again"}) {
      if (counts.contains(state)) return false;
    }
    return true;
  }
};

Look look_at(const Plan& plan, const fs::path& folder) {
  const QueueStates queue = ask_scheduler(plan, folder);  // first: what ends meanwhile has its record
  Survey survey = survey_runs(plan.runs, folder, false);
  Look out;
  for (const SurveyedRun& each : survey.runs) {
    json state = state_of(each);
    add_queue_state(queue, state);
    ++out.counts[state.at("state")];
    out.runs.push_back(std::move(state));
  }
  out.warnings = std::move(survey.warnings);
  if (std::string text = unplanned_tasks_text(queue, names_of(plan.runs)); !text.empty()) {
    out.warnings.push_back(std::move(text));
  }
  return out;
}

std::string text_of(const Look& look, const Plan& plan) {
  TextTable table({"run", "state", "detail"});
  for (const json& run : look.runs) table.add({run.at("run"), run.at("state"), detail(run)});
  const size_t width = width_at(STDOUT_FILENO);
  std::string counts;
  for (const auto& [state, count] : look.counts) {
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  }
  return fitted("suite " + plan.suite + ": " + plan.question + "\n", width) + "\n" + table.plain(width) + "\n" +
         counts + "\n";
}

// Prints each change; on a terminal over the one before.
void watch(const Plan& plan, const fs::path& folder) {
  const bool terminal = terminal_at(STDOUT_FILENO).has_value();
  std::string shown;
  for (Look look = look_at(plan, folder);; look = look_at(plan, folder)) {
    const std::string text = text_of(look, plan);
    if (text != shown) {
      if (terminal) clear_terminal();
      std::cout << (terminal || shown.empty() ? "" : "\n") << text << std::flush;
      if (!std::cout) return;  // nobody reads any more
    }
    shown = text;
    if (look.ended()) return;
    std::this_thread::sleep_for(kWatchEvery);
  }
}

}  // namespace

ExitCode show_status(const StatusOptions& options) {
  const std::optional<Plan> plan = read_plan(options.folder);
  if (!plan) throw UserError("status: no results folder '" + options.folder + "' (no plan.json in it)");
  if (options.watch) {
    watch(*plan, options.folder);
    return ExitCode::done;
  }
  const Look look = look_at(*plan, options.folder);
  if (options.json) {
    std::cout << json{{"schema", "sslbench.status/1"},
                      {"suite", plan->suite},
                      {"runs", look.runs},
                      {"counts", look.counts}}
                     .dump(1)
              << "\n";
    return ExitCode::done;
  }
  std::cout << text_of(look, *plan);
  for (const std::string& warning : look.warnings) print_warning(warning);
  return ExitCode::done;
}

}  // namespace sslbench
