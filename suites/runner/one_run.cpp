// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/one_run.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <thread>

#include "reports/record/record_store.h"
#include "suites/files/abandoned_files.h"
#include "suites/files/bounded_file.h"
#include "suites/files/file_in_place.h"
#include "suites/files/file_lock.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/meeting.h"
#include "suites/handover/work_files.h"
#include "suites/runner/device_choice.h"
#include "suites/runner/follow_rank.h"
#include "suites/runner/run_survey.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr auto kSameRequest = std::chrono::seconds(10);

RunSpec read_spec(const fs::path& file) {
  try {
    return run_spec_from_json(parse_foreign_json(read_regular_file(file, kMostWorkFileBytes)), file.string());
  } catch (const nlohmann::json::exception& error) {
    throw UserError(file.string() + ": not JSON: " + json_mistake(error));
  } catch (const std::system_error& error) {
    throw UserError(file.string() + ": cannot be read: " + error.code().message());
  }
}

// One process watches a run; its worker holds another lock for as long as that lives.
fs::path watch_file(const RunSpec& run) { return run.work_folder() / "watch.lock"; }

FileLock watch(const RunSpec& run) {
  std::string holder;
  try {
    if (auto lock = FileLock::try_take(watch_file(run), holder)) return std::move(*lock);
  } catch (const RunFailure& failure) {
    throw UserError(run.work_folder().string() + " cannot be written: " + failure.what());
  }
  throw UserError(run.name() + " is being carried out by " + holder + "; wait for it or end it");
}

void wait_for_old_worker(const RunSpec& run, std::chrono::milliseconds longest) {
  constexpr auto kPause = std::chrono::milliseconds(100);
  const auto deadline = std::chrono::steady_clock::now() + longest;
  std::string holder;
  while (FileLock::is_held(lock_file(run), holder)) {
    if (std::chrono::steady_clock::now() >= deadline) {
      throw UserError("a worker (" + holder + ") works on " + run.name() + "; wait for it or end it");
    }
    std::this_thread::sleep_for(kPause);
  }
}

void expect_planned_program(const RunSpec& run, const fs::path& worker) {
  if (run.worker.empty() || run.worker == worker_digest(worker)) return;
  throw UserError(run.name() + " was planned for another program (" + run.build + "), and " + worker.string() +
                  " was built anew since; submit it again");
}

enum class Before { nothing, final, discounted };

// What an earlier attempt left; a failed one counts on.
Before look_at_record(RunSpec& run, std::string& status) {
  std::error_code none;
  if (!fs::exists(run.record_file(), none)) return Before::nothing;
  try {
    const Record record = read_record(run.record_file(), RecordParts::headline);
    if (record.run != run.name()) return Before::nothing;
    const SurveyedRun known = survey_run(run, record);
    status = record.status;
    run.attempt = std::max(run.attempt, known.run.attempt);
    if (record.final()) return known.final ? Before::final : Before::discounted;
  } catch (const UserError&) {  // damaged: counts as not run, as everywhere
  }
  return Before::nothing;
}

// A launcher (torchrun, srun, mpirun) may start a front end for each rank: which one is this. Nothing where this
// process starts them all.
std::optional<int> rank_of_launcher(const RunSpec& run) {
  const Meeting meeting = meeting_from_environment();
  if (meeting.size == 1) return std::nullopt;
  expect_planned_ranks(meeting, run.name(), run.ranks);
  return meeting.rank;
}

RunResult follow(RunSpec run, int rank, const OneRunOptions& options, ProgressView& view) {
  std::string status;
  if (look_at_record(run, status) == Before::final) return {std::move(run), RunResult::State::finished, status, ""};
  expect_planned_program(run, options.worker);
  return follow_rank(run, rank, options.worker, view);
}

}  // namespace

bool is_carried_out(const RunSpec& run) {
  std::string holder;
  return FileLock::is_held(watch_file(run), holder) || FileLock::is_held(lock_file(run), holder);
}

RunSpec planned_run(const fs::path& file) {
  RunSpec run = read_spec(file);
  const fs::path whole = fs::absolute(file).lexically_normal();
  run.out = whole.parent_path().parent_path().parent_path();
  if (runspec_file(run) != whole) {
    throw UserError(file.string() + " is the RunSpec of " + run.name() +
                    ", which is carried out where it was planned, as OUT/work/" + run.name() +
                    "/runspec.json; `sslbench submit` writes it there");
  }
  for (const fs::path& folder : {run.out / "runs", run.out / "work", run.out / "predictions", run.work_folder()})
    expect_no_link(folder);
  // What may be taken over lies beside its own record.
  for (auto& [stage, record] : run.reuse) record = (run.out / "runs" / fs::path(record).filename()).string();
  return run;
}

std::optional<std::string> done_before(const fs::path& file) {
  std::error_code none;
  const fs::path folder = fs::absolute(file).lexically_normal().parent_path();
  if (fs::exists(file, none) || folder.parent_path().filename() != "work") return {};
  const std::string name = folder.filename().string();
  const fs::path record_file = folder.parent_path().parent_path() / "runs" / (name + ".h5");
  if (!fs::exists(record_file, none)) return {};
  try {
    const Record record = read_record(record_file, RecordParts::headline);
    if (record.run == name && record.final()) return record.status;
  } catch (const UserError&) {  // damaged: counts as not run, as everywhere
  }
  return {};
}

RunResult carry_out_one(RunSpec run, const OneRunOptions& options, const Catalog& catalog, ProgressView& view) {
  const std::optional<int> joined = rank_of_launcher(run);
  if (joined && *joined > 0) return follow(std::move(run), *joined, options, view);
  RunResult result{run, RunResult::State::finished, "", ""};
  {
    const FileLock lock = watch(run);
    wait_for_old_worker(run, options.old_worker_wait);
    if (std::error_code none; fs::exists(log_file(run), none)) remove_abandoned(run.out / "runs", {run.name()});
    const Before before = look_at_record(run, result.status);
    if (before == Before::final) {
      view.note(run.name() + ": done already (" + result.status + ")");
    } else {
      expect_planned_program(run, options.worker);
      run.device = choose_device(run.device);
      QueueOptions queue{.worker = options.worker, .stall_limit = options.stall_limit};
      queue.keep_work = true;  // removed below, when nothing in it is open: some file systems keep what is
      queue.same_request = kSameRequest;
      queue.joined = joined;
      if (before == Before::discounted) queue.discounted.insert(run.name());
      RunLog log(run.work_folder() / "run.log");
      view.note(run.name() + ": attempt " + std::to_string(run.attempt) + " on " + run.device +
                "; log: " + log_file(run).string());
      result = RunQueue(std::move(queue), catalog, view, log).carry_out({run}).at(0);
    }
  }
  std::error_code ignored;
  if (result.state == RunResult::State::finished && !options.keep_work) fs::remove_all(run.work_folder(), ignored);
  return result;
}

}  // namespace sslbench
