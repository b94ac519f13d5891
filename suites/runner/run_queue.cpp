// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_queue.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "suites/runner/record_watch.h"
#include "suites/runner/signals.h"

namespace sslbench {
namespace {

constexpr auto kTick = std::chrono::milliseconds(200);

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

LineColour colour_of(const RunResult& result) {
  if (result.state == RunResult::State::failed) return LineColour::red;
  if (result.state == RunResult::State::finished && !run_status(result.status).collapsed()) return LineColour::green;
  return LineColour::yellow;
}

// Passes over training images, counted in views: a guess of cost that only orders runs.
double rough_cost(const RunSpec& run, const Catalog& catalog) {
  const nlohmann::json& facts = catalog.find("method", run.method).facts;
  if (!facts.value("trains", true)) return 0;
  return run.pretrain.value("epochs", 1.0) * std::max(1, facts.value("views", 1));
}

}  // namespace

std::vector<RunSpec> longest_first(std::vector<RunSpec> runs, const ExpectedTimes& expected, const Catalog& catalog) {
  const bool known =
      std::all_of(runs.begin(), runs.end(), [&](const RunSpec& run) { return expected.whole(run).has_value(); });
  const auto cost = [&](const RunSpec& run) { return known ? *expected.whole(run) : rough_cost(run, catalog); };
  std::stable_sort(runs.begin(), runs.end(), [&](const RunSpec& a, const RunSpec& b) { return cost(a) > cost(b); });
  return runs;
}

RunQueue::RunQueue(QueueOptions options, const Catalog& catalog, ProgressView& view, RunLog& log)
    : options_(std::move(options)), catalog_(catalog), view_(view), log_(log), pool_(options_.devices) {}

std::vector<RunResult> RunQueue::carry_out(std::vector<RunSpec> runs) {
  SignalWait signals;
  waiting_.assign(std::make_move_iterator(runs.begin()), std::make_move_iterator(runs.end()));
  while (!waiting_.empty() || !running_.empty()) {
    while (stops_ == 0 && start_next()) {
    }
    if (running_.empty() && stops_ > 0) break;
    view_.show(situation());
    if (!running_.empty()) obey(signals.wait(kTick));
    reap();
  }
  for (RunSpec& run : waiting_) results_.push_back({std::move(run), RunResult::State::not_started, "", ""});
  waiting_.clear();
  return std::move(results_);
}

bool RunQueue::start_next() {
  if (running_.size() >= static_cast<size_t>(options_.jobs)) return false;
  for (auto next = waiting_.begin(); next != waiting_.end(); ++next) {
    auto devices = pool_.take(next->ranks, bytes_of(*next));
    if (!devices) continue;
    RunSpec run = std::move(*next);
    waiting_.erase(next);
    start(std::move(run), std::move(*devices));
    return true;
  }
  return false;
}

int64_t RunQueue::bytes_of(const RunSpec& run) const {
  const auto found = options_.device_bytes.find(run.name());
  return found == options_.device_bytes.end() ? 0 : found->second;
}

void RunQueue::start(RunSpec run, std::vector<std::string> devices) {
  if (!devices.empty()) run.device = devices.front();
  try {
    auto worker = std::make_unique<WorkerRun>(run, options_.worker, devices, options_.joined);
    running_.push_back({std::move(worker), devices});
    std::string where;
    for (const std::string& device : devices) where += (where.empty() ? " on " : ", ") + device;
    log_.info("start " + run.name() + ", attempt " + std::to_string(run.attempt) + where);
    return;
  } catch (const RunFailure& failure) {
    fail(run, {failure.kind(), failure.what(), "", -1}, 0);
  } catch (const UserError& error) {  // the program is gone
    fail(run, {FailureKind::internal, error.what(), "", -1}, 0);
  }
  pool_.give_back(devices, bytes_of(run));
}

void RunQueue::obey(int signal) {
  if (signal == 0 || signal == SIGCHLD) return;
  if (stops_ > 0 && signal != SIGINT && Clock::now() - stopped_at_ < options_.same_request) return;
  if (++stops_ == 1) stopped_at_ = Clock::now();
  log_.info("signal " + std::to_string(signal));
  view_.note(stops_ == 1 ? "stopping: every run saves at its next step (again: kill now)" : "killing the runs");
  for (const Running& each : running_) stops_ == 1 ? each.worker->ask_to_stop() : each.worker->kill();
}

void RunQueue::reap() {
  for (auto each = running_.begin(); each != running_.end();) {
    const WorkerRun& worker = *each->worker;
    const std::optional<WorkerEnd> end = each->worker->poll(options_.stall_limit);
    if (!end) {
      ++each;
      continue;
    }
    finish(worker.run(), *end, seconds_since(worker.started()));
    pool_.give_back(each->devices, bytes_of(worker.run()));
    each = running_.erase(each);
  }
}

void RunQueue::finish(const RunSpec& run, const WorkerEnd& end, double seconds) {
  switch (end.kind) {
    case WorkerEnd::Kind::failed: return fail(run, end.failure, seconds);
    case WorkerEnd::Kind::interrupted: return add({run, RunResult::State::interrupted, "", ""}, seconds);
    case WorkerEnd::Kind::finished: break;
  }
  if (!options_.keep_work) {
    std::error_code ignored;
    std::filesystem::remove_all(run.work_folder(), ignored);
  }
  learn(run);
  if (!end.afterwards.empty()) log_.error(run.name() + ": after its record was whole: " + end.afterwards);
  add({run, RunResult::State::finished, end.status, ""}, seconds);
}

void RunQueue::learn(const RunSpec& run) {
  try {
    StageSeconds took;
    for (const StageRecord& stage : read_record(run.record_file(), RecordParts::brief).stages) {
      if (stage.taken_from.empty()) took[stage.name] = stage.wall_seconds;
    }
    options_.expected.learn(run, took);
  } catch (const UserError&) {  // it only helps to foretell
  }
}

void RunQueue::fail(const RunSpec& run, const WorkerFailure& failure, double seconds) {
  const Record record = failed_record(run, failure, catalog_);
  std::string message = record.failure;
  const std::string kept = options_.discounted.contains(run.name()) ? "" : final_status(run.record_file());
  if (!kept.empty()) {
    message += "; the record of an earlier attempt (" + kept + ") stays";
  } else {
    try {
      write_record(record, run.record_file());
    } catch (const RunFailure& storage) {
      view_.note("error: " + run.name() + ": not even its failed record could be written: " + storage.what());
    }
  }
  add({run, RunResult::State::failed, record.status, message}, seconds);
}

void RunQueue::add(RunResult result, double seconds) {
  static constexpr const char* kSaved = "interrupted; what it saved is kept";
  const std::string what = result.state == RunResult::State::interrupted ? kSaved : result.status;
  std::string line = result.run.name() + ": " + what + " after " + duration_text(seconds);
  if (!result.message.empty()) line += ": " + result.message;
  if (result.state == RunResult::State::failed) {
    log_.error(line);
    line += "\n  log: " + (result.run.work_folder() / "log").string();
  } else {
    log_.info(line);
  }
  view_.note(line, colour_of(result));
  if (result.state != RunResult::State::interrupted) seconds_.push_back(seconds);
  results_.push_back(std::move(result));
}

Situation RunQueue::situation() const {
  Situation out;
  for (const auto& [worker, devices] : running_) {
    const double seconds = seconds_since(worker->started());
    out.running.push_back({worker->run().name(), seconds, worker->progress(),
                           options_.expected.left(worker->run(), seconds, worker->progress())});
  }
  for (const RunSpec& run : waiting_) out.waiting.push_back(options_.expected.whole(run));
  out.finished = seconds_;
  out.done_before = options_.done_before;
  out.jobs = options_.jobs;
  return out;
}

}  // namespace sslbench
